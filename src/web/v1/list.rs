//! A page of a list: from the cursor to the next one.

use actix_web::{
    HttpResponse,
    http::header::{HeaderValue, LINK},
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    answer::{Draft, Page},
    cursor::Cursor,
    failure,
    params::known::CURSOR,
    request::Request,
};
use crate::web::problem::Problem;
use sectorwatch_store::api::{PageOf, Read, ReadError, Reads, Rows};

impl Request {
    /// Answers with the page that the cursor and the limit ask for, by `read`. All other parameters must have been
    /// read before, so that the filters in the cursor are in their normal form.
    ///
    /// # Errors
    /// The cursor is bad, or the read fails.
    pub async fn list<R, K, Reading>(
        mut self,
        read: impl FnOnce(Reads, PageOf<K>) -> Reading,
    ) -> Result<HttpResponse, Problem>
    where
        R: Serialize + Send + 'static,
        K: Serialize + DeserializeOwned,
        Reading: Future<Output = Result<Read<Rows<R, K>>, ReadError>>,
    {
        let limit = self.query.limit()?;
        let api = self.api()?;
        let (after, bound) = match self.cursor().await? {
            Some(Cursor { key, mark }) => (Some(key), Some(mark)),
            None => (None, None),
        };
        if let Some(unchanged) = self.unchanged().await {
            return Ok(unchanged);
        }
        let page = PageOf { after, bound, limit };
        let Read { data: Rows { rows, next }, facts } =
            read(api.reads, page).await.map_err(failure::problem)?;
        let mark = bound.or(facts.mark);
        let next = match (next, mark) {
            (Some(key), Some(mark)) => Some(self.next(Cursor { key, mark }).await?),
            _ => None,
        };
        let kept = self.kept(&facts).await?;
        let headers = next.iter().filter_map(|next| link(next)).collect();
        let page = Page { data: rows, next, mark };
        let draft = Draft { headers, kept, ..Draft::json() };
        self.answer(draft, move || serde_json::to_vec(&page)).await
    }

    async fn cursor<K>(&self) -> Result<Option<Cursor<K>>, Problem>
    where
        K: Serialize + DeserializeOwned,
    {
        let Some(text) = self.query.get(&CURSOR) else { return Ok(None) };
        let key = self.api()?.key().await?;
        self.walk(|walk| Cursor::open(text, &key, walk)).map(Some)
    }

    /// Path and query of the page after this key.
    async fn next<K>(&self, cursor: Cursor<K>) -> Result<String, Problem>
    where
        K: Serialize + DeserializeOwned,
    {
        let key = self.api()?.key().await?;
        let sealed = self.walk(|walk| cursor.seal(&key, walk));
        let sealed = sealed.map_err(|_| failure::internal("a key cannot be written as JSON"))?;
        Ok(format!("{}?{}", self.http.path(), self.query.next(&sealed)))
    }
}

fn link(next: &str) -> Option<(actix_web::http::header::HeaderName, HeaderValue)> {
    HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok().map(|value| (LINK, value))
}
