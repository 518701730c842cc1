//! Elements of an XML file, one after the other.
//!
//! No entity is expanded but those of XML itself, and nothing outside of the file is read.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
};

use crate::import::{
    ImportError, Source,
    encoding::Mixed,
    limits::{self, MOST_LISTED},
};

/// The root element stands before this byte.
const PROLOGUE: usize = 1 << 16;
/// No element of a profile has as many attributes.
const ATTRIBUTES: usize = 64;
/// Elements in one another; of a profile they are few.
const DEEPEST: usize = 200_000;

/// An element with what is directly inside it.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    children: Vec<(String, String)>,
    /// Whether bytes of it were no UTF-8.
    pub(super) is_foreign: bool,
    /// Why its content cannot be trusted.
    pub(super) fault: Option<String>,
}

impl Element {
    /// An attribute without white space around it; `None` also where it is empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(key, _)| key == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// The names that the children called `name` list, with commas between them.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let texts = self.children.iter().filter(|(key, _)| key == name);
        let names = texts.flat_map(|(_, text)| text.split(',')).map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// The name of the root element; `None` where the file is no XML.
pub(super) fn root(source: &Source) -> Option<String> {
    let content = Mixed::read(source.bytes.get(..PROLOGUE).unwrap_or(&source.bytes));
    let mut reader = Reader::from_str(&content.text);
    loop {
        match reader.read_event().ok()? {
            Event::Start(root) | Event::Empty(root) => return Some(root.name().0.to_owned()),
            Event::Text(text) if text.trim().is_empty() => {}
            Event::Text(_) | Event::Eof => return None,
            _ => {}
        }
    }
}

/// Hands over every element called one of `names`, wherever it stands, with its attributes, its text, and the text
/// of its children.
///
/// # Errors
///
/// Says in which line the file stops being XML.
pub(super) fn each(
    source: &Source,
    names: &[&str],
    mut visit: impl FnMut(Element),
) -> Result<(), ImportError> {
    let content = source.content();
    let text = &content.text;
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let start = place(reader.buffer_position());
        let event = reader
            .read_event()
            .map_err(|error| broken(source, text, reader.error_position(), &error.to_string()))?;
        let end = place(reader.buffer_position());
        let mut close = |mut closed: Open, parent: Option<&mut Open>| {
            closed.element.is_foreign = content.is_foreign(closed.start..end);
            closed.close(parent, &mut visit);
        };
        match event {
            Event::Start(_) if open.len() == DEEPEST => {
                let reason = format!("elements are in one another more than {DEEPEST} deep");
                return Err(broken(source, text, reader.buffer_position(), &reason));
            }
            Event::Start(tag) => open.push(Open::new(&tag, start, names, open.last())),
            Event::Empty(tag) => {
                let element = Open::new(&tag, start, names, open.last());
                close(element, open.last_mut());
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(element, open.last_mut());
                }
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => refer(&mut open, &reference),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    match open.len() {
        0 => Ok(()),
        1 => Err(broken(source, text, text.len() as u64, "the root element is not closed")),
        many => {
            let reason = format!("{many} elements are not closed");
            Err(broken(source, text, text.len() as u64, &reason))
        }
    }
}

/// An element whose end has not come yet.
struct Open {
    element: Element,
    role: Role,
    /// Its first byte in the text.
    start: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Wanted,
    ChildOfWanted,
    PassedOver,
}

impl Open {
    fn new(tag: &BytesStart<'_>, start: usize, names: &[&str], parent: Option<&Self>) -> Self {
        let name = tag.name().0;
        let role = if names.contains(&name) {
            Role::Wanted
        } else if parent.is_some_and(|parent| parent.role == Role::Wanted) {
            Role::ChildOfWanted
        } else {
            return Self { element: Element::default(), role: Role::PassedOver, start };
        };
        let mut element = Element { name: name.to_owned(), ..Element::default() };
        if role == Role::Wanted {
            element.fault = add_attributes(tag, &mut element.attributes).err();
        }
        Self { element, role, start }
    }

    fn close(mut self, parent: Option<&mut Self>, visit: &mut impl FnMut(Element)) {
        match (self.role, parent) {
            (Role::Wanted, _) => visit(self.element),
            (Role::ChildOfWanted, Some(Self { element: parent, .. })) => {
                let fault = match limits::lists_too_much(&self.element.text, b',') {
                    true => {
                        self.element.text.clear();
                        Some(format!("it lists more than {MOST_LISTED} names"))
                    }
                    false => self.element.fault,
                };
                parent.children.push((self.element.name, self.element.text));
                parent.fault = parent.fault.take().or(fault);
            }
            _ => {}
        }
    }
}

/// Adds the attributes up to the first bad one.
fn add_attributes(tag: &BytesStart<'_>, found: &mut Vec<(String, String)>) -> Result<(), String> {
    let mut bad = None;
    // The library's own check of names that come twice compares each with each, however many there are.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = attribute.key.0;
        if found.len() == ATTRIBUTES || found.iter().any(|(other, _)| other == name) {
            return Err(format!("attribute {name} is there twice, or one of very many"));
        }
        match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => found.push((name.to_owned(), value.into_owned())),
            Err(error) => bad = bad.or_else(|| Some(format!("attribute {name}: {error}"))),
        }
    }
    bad.map_or(Ok(()), Err)
}

fn add(open: &mut [Open], text: &str) {
    if let Some(Open { element, role: Role::Wanted | Role::ChildOfWanted, .. }) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// A character by its number, or one of the five entities that XML itself has.
fn refer(open: &mut [Open], reference: &BytesRef<'_>) {
    let number = reference.resolve_char_ref().ok().flatten();
    let character = number.map(String::from);
    let character = character.or_else(|| resolve_predefined_entity(reference).map(str::to_owned));
    match (character, open.last_mut()) {
        (Some(character), _) => add(open, &character),
        (None, Some(Open { element, .. })) => {
            element.fault = Some(format!("entity {:?} is not read", &**reference));
        }
        (None, None) => {}
    }
}

fn broken(source: &Source, text: &str, position: u64, reason: &str) -> ImportError {
    let before = text.bytes().take(place(position)).filter(|&byte| byte == b'\n').count();
    ImportError::File { file: source.name(), reason: format!("line {}: {reason}", before + 1) }
}

/// A place in a text that is in memory.
fn place(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
