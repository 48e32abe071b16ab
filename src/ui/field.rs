//! A text field that is the person's own: the page writes into it only what it has to say itself, never what
//! it has heard from it. Yew yields to the browser between two messages, so what was heard may be older than
//! what stands in the field by now, and the keys between would be lost.

use yew::prelude::*;

use super::event;

/// What a field needs.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FieldProps {
    /// What the page writes when the field appears, and whenever `written` changes.
    pub(super) text: String,
    /// Changes when the page has something to say: a number, or what it says where that is never heard from it.
    pub(super) written: (u32, Option<String>),
    #[prop_or_default]
    pub(super) class: Option<&'static str>,
    /// Its name for those who do not see what it stands beside.
    #[prop_or_default]
    pub(super) name: Option<String>,
    #[prop_or_default]
    pub(super) placeholder: Option<String>,
    /// Whether it stands for the current one of a list.
    #[prop_or_default]
    pub(super) current: bool,
    #[prop_or_default]
    pub(super) oninput: Callback<InputEvent>,
    #[prop_or_default]
    pub(super) onchange: Callback<Event>,
    #[prop_or_default]
    pub(super) onkeydown: Callback<KeyboardEvent>,
    #[prop_or_default]
    pub(super) onfocusin: Callback<FocusEvent>,
    #[prop_or_default]
    pub(super) onfocusout: Callback<FocusEvent>,
}

/// A text field that is the person's own.
pub(super) struct Field {
    node: NodeRef,
    /// Whether the page has something to write that does not stand there yet.
    is_due: bool,
}

impl Component for Field {
    type Message = ();
    type Properties = FieldProps;

    fn create(ctx: &Context<Self>) -> Self {
        // A new field is empty, and somebody may have typed before this hears that it is there.
        Self { node: NodeRef::default(), is_due: !ctx.props().text.is_empty() }
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &FieldProps) -> bool {
        self.is_due |= ctx.props().written != before.written;
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let FieldProps { class, name, placeholder, current, oninput, onchange, onkeydown, .. } =
            ctx.props().clone();
        let FieldProps { onfocusin, onfocusout, text, .. } = ctx.props().clone();
        // In index.html it stands there before anybody can type.
        let value = (!cfg!(target_arch = "wasm32") && !text.is_empty()).then_some(text);
        html! {
            <input ref={&self.node} type="text" autocomplete="off" spellcheck="false" {class} {placeholder} {value} aria-label={name}
                aria-current={current.then_some("true")} {oninput} {onchange} {onkeydown} {onfocusin} {onfocusout} />
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        if std::mem::take(&mut self.is_due) {
            event::write(&self.node, &ctx.props().text);
        }
    }
}
