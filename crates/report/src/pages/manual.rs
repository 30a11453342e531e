//! The manual pages of the codes as one page.

use std::io::Write;

use askama::Template;
use matricule_record::Code;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd, html};

use super::{Frame, render};
use crate::Result;
use crate::texts::pages as t;

#[derive(Template)]
#[template(path = "codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<(&'static str, String)>,
}

/// Writes `pages/codes.html`.
pub(super) fn write(writer: impl Write, has_rejects: bool, registry: &str) -> Result<()> {
    let codes = Code::ALL.iter().map(|code| (code.name(), html_of(code.manual()))).collect();
    render(&CodesPage { frame: Frame::page("codes", has_rejects, registry), codes }, writer)
}

/// A manual page with its headings one level lower, because they stand below the page's own.
fn html_of(manual: &str) -> String {
    let lower = |level| match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        _ => HeadingLevel::H3,
    };
    let events = Parser::new(manual).map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut out = String::with_capacity(manual.len() * 2);
    html::push_html(&mut out, events);
    out
}
