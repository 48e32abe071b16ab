//! Texts from outside and back: a file that a person opens or saves, an example that comes with the page.

use gloo::utils::document;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, HtmlElement, Response, Url};
use yew::Callback;

use crate::app::{MAX_FILE_BYTES, Msg};

/// What a session is called that is saved.
const SAVED_AS: &str = "image-lifecycle-lab.txt";

/// Reads a file and sends what it holds.
pub fn read_file(file: File, send: Callback<Msg>) {
    spawn_local(async move {
        let name = file.name();
        send.emit(match text(&file).await {
            Ok(text) => Msg::FileOpened { name, text },
            Err(problem) => Msg::FileFailed(problem),
        });
    });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is a whole number")]
async fn text(file: &File) -> Result<String, String> {
    let size = file.size() as u64;
    if size > MAX_FILE_BYTES as u64 {
        return Err(format!(
            "“{}” has {size} bytes; what is opened here may have at most {MAX_FILE_BYTES}.",
            file.name(),
        ));
    }
    let read = JsFuture::from(file.text()).await;
    read.ok().and_then(|text| text.as_string()).ok_or_else(|| {
        format!("The browser could not read “{}”. It may have moved; open it again.", file.name())
    })
}

/// Gives the person a text as a file, as a download. The browser lets go of it together with the page: sooner
/// could be before it is written.
pub(super) fn save(text: &str) {
    let parts = web_sys::js_sys::Array::of1(&text.into());
    let address =
        Blob::new_with_str_sequence(&parts).and_then(|blob| Url::create_object_url_with_blob(&blob));
    let link = document().create_element("a").map(JsCast::dyn_into::<HtmlElement>);
    if let (Ok(address), Ok(Ok(link))) = (address, link) {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", SAVED_AS);
        link.click();
    }
}

/// Fetches an example recording by its file name and sends it.
pub(super) fn fetch_example(name: &'static str, send: Callback<Msg>) {
    spawn_local(async move {
        send.emit(match fetch(&format!("recordings/{name}")).await {
            Ok(text) => Msg::FileOpened { name: name.to_owned(), text },
            Err(_) => Msg::FileFailed(format!(
                "The example recordings/{name} could not be fetched. Check the connection and try again."
            )),
        });
    });
}

async fn fetch(address: &str) -> Result<String, JsValue> {
    let response = JsFuture::from(gloo::utils::window().fetch_with_str(address)).await?;
    let response: Response = response.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::from(response.status()));
    }
    let text = JsFuture::from(response.text()?).await?;
    text.as_string().ok_or(text)
}
