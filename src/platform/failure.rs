//! The last resort: when the program breaks, the page says so in words and offers to reload. The
//! journal is kept after every step, so the reloaded page goes on from it.

use gloo::utils::{body, document};

/// Makes every panic say what happened on the page.
pub fn watch() {
    std::panic::set_hook(Box::new(|panic| {
        gloo::console::error!(panic.to_string());
        show(&panic.to_string());
    }));
}

fn show(detail: &str) -> Option<()> {
    let paragraph = |text: &str| {
        let paragraph = document().create_element("p").ok()?;
        paragraph.set_text_content(Some(text));
        Some(paragraph)
    };
    let alert = document().create_element("div").ok()?;
    alert.set_class_name("failure");
    alert.set_attribute("role", "alert").ok()?;
    let (told, detail) =
        (paragraph("The lab broke at this step. Your session is kept.")?, paragraph(detail)?);
    alert.append_child(&told).ok()?;
    alert.append_child(&detail).ok()?;
    let reload = document().create_element("a").ok()?;
    reload.set_attribute("href", "").ok()?;
    reload.set_text_content(Some("Reload the page and go on"));
    alert.append_child(&reload).ok()?;
    body().append_child(&alert).ok()?;
    Some(())
}
