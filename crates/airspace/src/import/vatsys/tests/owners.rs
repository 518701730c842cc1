use super::*;

/// A profile of sectors that have nothing but a name, a suffix, and the sectors that they take over.
fn claims(sectors: &[(&str, &str)]) -> (Draft, Findings) {
    let sector = |(name, responsible): &(&str, &str)| {
        let suffix = if name.contains("FMP") { "FMP" } else { "CTR" };
        format!(
            r#"<Sector Name="{name}" Callsign="{name}_{suffix}"><Volumes>U</Volumes>
            <ResponsibleSectors>{responsible}</ResponsibleSectors></Sector>"#
        )
    };
    let sectors: String = sectors.iter().map(sector).collect();
    profile(&format!("<Sectors>{sectors}</Sectors>"), VOLUMES)
}

fn owners<'a>(draft: &'a Draft, id: &str) -> Vec<&'a str> {
    sector(draft, id).owners.iter().map(String::as_str).collect()
}

#[test]
fn owners_are_the_sector_and_who_takes_it_breadth_first_in_the_order_of_the_file() {
    let (draft, findings) = claims(&[
        ("FAR", "NEAR2"),
        ("LEAF", ""),
        ("NEAR", "LEAF"),
        ("NEAR2", "LEAF"),
        ("TOP", "NEAR,FAR"),
    ]);
    assert_eq!(owners(&draft, "LEAF"), ["LEAF", "NEAR", "NEAR2", "TOP", "FAR"]);
    assert_eq!(owners(&draft, "NEAR2"), ["NEAR2", "FAR", "TOP"]);
    assert_eq!(owners(&draft, "TOP"), ["TOP"]);
    assert!(findings.warnings.contains(&"LEAF is claimed 2 times: by NEAR, NEAR2".to_owned()));
    assert_eq!((findings.found["responsible_refs"], findings.found["cycles"]), (5, 0));
}

#[test]
fn a_cycle_is_told_once_and_each_of_it_is_owned_by_all() {
    let (draft, findings) =
        claims(&[("IN", ""), ("A", "B,IN"), ("B", "C"), ("C", "A"), ("ABOVE", "A")]);
    assert_eq!(owners(&draft, "A"), ["A", "C", "ABOVE", "B"]);
    assert_eq!(owners(&draft, "B"), ["B", "A", "C", "ABOVE"]);
    assert_eq!(owners(&draft, "IN"), ["IN", "A", "C", "ABOVE", "B"]);
    assert_eq!((findings.found["cycles"], left_out(&findings)), (1, vec![]));
    let told: Vec<_> = findings.warnings.iter().filter(|it| it.contains("cycle")).collect();
    assert_eq!(told, ["A, C, B claim each other in a cycle"]);
}

#[test]
fn two_cycles_are_two_though_one_leads_to_the_other() {
    let (_, findings) = claims(&[("A", "B"), ("B", "A,C"), ("C", "D"), ("D", "C"), ("E", "E")]);
    assert_eq!(findings.found["cycles"], 3);
    assert!(findings.warnings.contains(&"E claims itself".to_owned()), "{:?}", findings.warnings);
}

#[test]
fn an_unknown_sector_is_left_out_of_the_claims() {
    let clean = claims(&[("A", ""), ("B", "A")]).0;
    let (draft, findings) = claims(&[("A", ""), ("B", "X,A")]);
    let expected = [("sector X in ResponsibleSectors of B", "there is no sector of that name")];
    assert_same(&draft, &clean);
    assert_eq!(left_out(&findings), expected);
    assert_eq!((findings.found["unresolved"], findings.found["responsible_refs"]), (1, 2));
}

#[test]
fn a_claim_that_is_there_twice_counts_once() {
    let (draft, findings) = claims(&[("A", ""), ("B", "A,B2,A"), ("B2", "")]);
    assert_eq!(owners(&draft, "A"), ["A", "B"]);
    assert!(findings.warnings.contains(&"B claims A twice".to_owned()), "{:?}", findings.warnings);
}

#[test]
fn flow_managers_own_nothing() {
    let (draft, _) = claims(&[("A", ""), ("FMP", "A"), ("C", "FMP"), ("D", "A")]);
    assert_eq!(owners(&draft, "A"), ["A", "D"]);
    assert_eq!(owners(&draft, "FMP"), ["C"]);
    assert_eq!(draft.positions.len(), 4);
}

#[test]
fn claims_without_end_are_an_error() {
    let names: Vec<String> = (0..4000).map(|number| format!("S{number}")).collect();
    let chain = |(number, name): (usize, &String)| {
        let next = names.get(number + 1).map_or("", String::as_str);
        format!(
            r#"<Sector Name="{name}" Callsign="{name}_CTR"><ResponsibleSectors>{next}</ResponsibleSectors></Sector>"#
        )
    };
    let sectors: String = names.iter().enumerate().map(chain).collect();
    let sources = [file("s", format!("<Sectors>{sectors}</Sectors>")), file("v", VOLUMES)];
    let error = read(&sources, &mut Findings::default()).unwrap_err().to_string();
    assert!(error.contains("lead to more than"), "{error}");
}
