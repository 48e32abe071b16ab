//! The page of correspondences is what the table says: `static/correspondences.html`, written by
//! `UPDATE=1 cargo test --test correspondences`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lab::compare::{Likeness, link, row_id};
use lab::engine::SimTime;
use lab::engine::card::Source;
use lab::engine::host::Cloud;
use lab::systems;

#[test]
fn the_page_of_correspondences_is_what_the_table_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let index = fs::read_to_string(root.join("index.html")).expect("the page");
    let page = page(between(&index, "http-equiv=\"Content-Security-Policy\"", "/>"));
    let path = root.join("static/correspondences.html");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    for (written, now) in written.lines().zip(page.lines()) {
        assert_eq!(written, now, "the page is not what the table says; UPDATE=1 writes it anew");
    }
    assert_eq!(written.len(), page.len(), "the page is not what the table says; UPDATE=1 writes it anew");
}

#[test]
fn every_pair_has_a_row_that_can_be_linked_to() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/correspondences.html"));
    let page = page.expect("the page");
    let clouds = systems::clouds(SimTime::START);
    for state in clouds[0].states() {
        for status in clouds[1].states() {
            let id = row_id((clouds[0].name(), state), (clouds[1].name(), status));
            assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
            assert_eq!(id, row_id((clouds[1].name(), status), (clouds[0].name(), state)));
        }
    }
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).expect(from) + from.len();
    text[start..].split(to).next().unwrap_or_default().trim()
}

fn page(policy: &str) -> String {
    let clouds = systems::clouds(SimTime::START);
    let (one, other) = (&*clouds[0], &*clouds[1]);
    let (first, second) = (one.title(), other.title());
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" {policy}>\n\
         <title>{first} and {second}: what corresponds to what</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"description\" content=\"Every {first} image {} beside every {second} image {}: how alike \
         they are, why, and where that stands.\">\n\
         <link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"style.css\">\n<link rel=\"stylesheet\" href=\"correspondences.css\">\n</head>\n<body>\n<main class=\"page atlas\">\n\
         <header>\n<p class=\"quiet\"><a href=\"./\">Image Lifecycle Lab</a></p>\n\
         <h1>What corresponds to what</h1>\n\
         <p>Every image {} of {first} beside every image {} of {second}: how alike they are, why, and where \
         that stands.</p>\n</header>\n",
        one.state_word(),
        other.state_word(),
        one.state_word(),
        other.state_word(),
    );
    page.push_str(&legend(one, other));
    page.push_str(&overview(one, other));
    for state in 0..one.states().len() {
        page.push_str(&section(one, other, state));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn likeness(one: &dyn Cloud, state: usize, other: &dyn Cloud, at: usize) -> Likeness {
    link((one.name(), state), (other.name(), at)).expect("they are compared").likeness
}

fn legend(one: &dyn Cloud, other: &dyn Cloud) -> String {
    let all = || (0..one.states().len()).flat_map(|row| (0..other.states().len()).map(move |at| (row, at)));
    let meaning = |likeness| match likeness {
        Likeness::Same => "An operator may treat them alike.",
        Likeness::Near => "They share a phase, and differ in something that matters.",
        Likeness::Many => "One stands for several of the other cloud’s, this one among them.",
        Likeness::None => "They have nothing in common.",
    };
    let mut text = "<dl class=\"facts\">\n".to_owned();
    for class in Likeness::ALL {
        let count = all().filter(|&(row, at)| likeness(one, row, other, at) == class).count();
        let pairs = if count == 1 { "pair" } else { "pairs" };
        let _ = writeln!(
            text,
            "<dt>{} {}</dt><dd>{} {count} {pairs}.</dd>",
            class.sign(),
            class.name(),
            meaning(class)
        );
    }
    text + "</dl>\n"
}

fn overview(one: &dyn Cloud, other: &dyn Cloud) -> String {
    let mut text = "<div class=\"list\" tabindex=\"0\" role=\"region\" aria-label=\"All pairs\">\n\
                    <table class=\"matrix\">\n<thead><tr><td></td>"
        .to_owned();
    for status in other.states() {
        let _ = write!(text, "<th scope=\"col\">{status}</th>");
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for (row, state) in one.states().into_iter().enumerate() {
        let _ = write!(text, "<tr><th scope=\"row\"><a href=\"#{}\">{state}</a></th>", state.to_lowercase());
        for (at, status) in other.states().into_iter().enumerate() {
            let class = likeness(one, row, other, at);
            let id = row_id((one.name(), state), (other.name(), status));
            let _ = write!(
                text,
                "<td class=\"is-{}\"><a href=\"#{id}\" aria-label=\"{state} and {status}: {}\">{}</a></td>",
                class.name(),
                class.name(),
                class.sign()
            );
        }
        text.push_str("</tr>\n");
    }
    text + "</tbody>\n</table>\n</div>\n"
}

fn section(one: &dyn Cloud, other: &dyn Cloud, row: usize) -> String {
    let state = one.states()[row];
    let node = one.chart().nodes.iter().find(|node| node.state == row).expect("every state is drawn");
    let mut text = format!(
        "<section id=\"{}\">\n<h2><span class=\"chip {}\">{state}</span> {}</h2>\n<p>{}</p>\n\
         <table class=\"pairs\">\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">How alike</th>\
         <th scope=\"col\">Why</th><th scope=\"col\">Source</th></tr></thead>\n<tbody>\n",
        state.to_lowercase(),
        phase_class(node.phase.name()),
        node.phase.name(),
        code(node.meaning),
        other.title(),
    );
    for (at, status) in other.states().into_iter().enumerate() {
        let link = link((one.name(), row), (other.name(), at)).expect("they are compared");
        let cards = [one.card(row), other.card(at)].map(|card| card.expect("every state has a card").source);
        let sources = link.source.map_or(cards.to_vec(), |source| vec![source]);
        let sources: Vec<String> = sources.iter().map(anchor).collect();
        let id = row_id((one.name(), state), (other.name(), status));
        let column = other.chart().nodes.iter().find(|node| node.state == at).expect("every state is drawn");
        let _ = writeln!(
            text,
            "<tr id=\"{id}\" class=\"is-{class}\"><th scope=\"row\"><a class=\"chip {}\" href=\"#{id}\">{status}</a>\
             </th><td>{} {class}</td><td>{}</td><td>{}</td></tr>",
            phase_class(column.phase.name()),
            link.likeness.sign(),
            link.why,
            sources.join("<br>"),
            class = link.likeness.name(),
        );
    }
    text + "</tbody>\n</table>\n</section>\n"
}

fn phase_class(name: &str) -> String {
    format!("phase--{}", name.replace(' ', "-"))
}

/// A link that reads as the last folder, the file and the function.
fn anchor(source: &Source) -> String {
    let (file, function) = source.place.split_once(',').unwrap_or((source.place, ""));
    let mut folders: Vec<&str> = file.rsplitn(3, '/').take(2).collect();
    folders.reverse();
    let comma = if function.is_empty() { "" } else { "," };
    let file = folders.join("/");
    format!("<a class=\"source\" href=\"{}\">{file}{comma}{function}</a>", source.address())
}

/// Words between backticks as code.
fn code(text: &str) -> String {
    let parts = text.split('`').enumerate();
    parts
        .map(|(at, part)| if at % 2 == 1 { format!("<code>{part}</code>") } else { part.to_owned() })
        .collect()
}
