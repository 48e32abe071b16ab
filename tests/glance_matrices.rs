//! The matrices of the real Glance agree with the rules in every cell.

#[path = "conformance/glance_matrix.rs"]
mod glance_matrix;

use glance_matrix::Cell;

fn verdict(cells: &[Cell]) {
    let differing: Vec<String> = cells
        .iter()
        .filter(|cell| !cell.differences.is_empty())
        .map(|cell| format!("{} | {} | {}: {:?}", cell.row, cell.operation, cell.persona, cell.differences))
        .collect();
    println!("{} of {} cells agree", cells.len() - differing.len(), cells.len());
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn every_call_in_every_status_by_every_persona_agrees() {
    verdict(&glance_matrix::replay(include_str!("conformance/glance/matrix.json"), false));
}

#[test]
fn every_call_agrees_with_delayed_delete() {
    verdict(&glance_matrix::replay(include_str!("conformance/glance/matrix-delayed.json"), true));
}

#[test]
fn every_transition_of_the_domain_agrees() {
    verdict(&glance_matrix::replay_domain(include_str!("conformance/glance/domain-matrix.json")));
}
