//! A card: a heading, and values with their names.

use maud::{Markup, html};

use super::leaf;

/// A name, the place in the JSON, and the displayed value.
pub type Fact<'a> = (&'a str, String, String);

pub fn card(name: &str, facts: &[Fact<'_>]) -> Markup {
    html! {
        section {
            h2 { (name) }
            dl { (entries(facts)) }
        }
    }
}

pub fn entries(facts: &[Fact<'_>]) -> Markup {
    html! {
        @for (name, pointer, shown) in facts {
            div { dt { (name) } dd { (leaf(pointer, shown)) } }
        }
    }
}
