//! A page that says hello and draws eleven nodes, as many as `OpenNebula`'s images have states.

use yew::prelude::*;

const NODES: u8 = 11;

#[component]
fn Hello() -> Html {
    html! {
        <main>
            <h1>{ "Hello" }</h1>
            <svg viewBox="0 0 480 480" width="480" height="480" role="img" aria-label="Eleven nodes">
                { for (0..NODES).map(node) }
            </svg>
        </main>
    }
}

fn node(number: u8) -> Html {
    let (x, y) = (number % 4 * 60, number / 4 * 60);
    html! {
        <g class="node">
            <rect x={x.to_string()} y={y.to_string()} width="52" height="32" fill="none" stroke="currentColor" />
            <text x={(x + 8).to_string()} y={(y + 20).to_string()}>{ number }</text>
        </g>
    }
}

fn main() {
    // A page that has something else to show besides says where.
    let place = gloo::utils::document().get_element_by_id("hello");
    let place = place.unwrap_or_else(|| gloo::utils::body().into());
    yew::Renderer::<Hello>::with_root(place).render();
}
