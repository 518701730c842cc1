use proptest::prelude::*;

use super::*;
use crate::Frame;

const LETTERING: Lettering = Lettering { largest: 24.0, smallest: 17.0, most: 60 };

/// A rectangle: its id, west, south, width and height in degrees.
type Sector = (Arc<str>, f64, f64, f64, f64);

fn frame() -> Frame {
    let ring = [(0.0, 30.0), (40.0, 30.0), (40.0, 60.0), (0.0, 60.0), (0.0, 30.0)];
    Frame::over(&[&ring]).expect("a frame")
}

fn shape(&(_, west, south, width, height): &Sector) -> Shape {
    let (east, north) = (west + width, south + height);
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    Shape::drawn(&frame(), &[ring]).remove(0)
}

/// Labels in the order of the sectors, and checks what must always hold.
fn labels(sectors: &[Sector], lettering: Lettering) -> Vec<Label> {
    let shapes: Vec<Shape> = sectors.iter().map(shape).collect();
    let inside: Vec<Vec<Spot>> =
        shapes.iter().zip(sectors).map(|(shape, (id, ..))| inside(shape, id, lettering)).collect();
    let subjects: Vec<Subject<'_>> = (shapes.iter().zip(sectors).zip(&inside))
        .map(|((shape, (id, ..)), inside)| Subject { id, shape, inside })
        .collect();
    let placed = place(&subjects, lettering, &frame().sheet());
    assert_eq!(placed, place(&subjects, lettering, &frame().sheet()), "the same again");
    for (at, label) in placed.iter().enumerate() {
        assert!(frame().sheet().holds(&label.bounds()), "{label:?} is beyond the edge");
        for other in &placed[at + 1..] {
            assert!(!label.bounds().overlaps(&other.bounds()), "{label:?} lies over {other:?}");
        }
    }
    placed
}

fn sector(id: &str, west: f64, south: f64, side: f64) -> Sector {
    (id.into(), west, south, side, side)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..sectorwatch_seed::config() })]
    #[test]
    fn no_label_lies_over_another_whatever_the_sectors(
        sectors in proptest::collection::vec(
            ("[A-Z]{2,4}(-[A-Z]{1,3})?", 0.0..40.0, 30.0..60.0, 0.01..15.0, 0.01..15.0), 1..100),
        size in 6.0..40.0,
    ) {
        let sectors: Vec<Sector> = (sectors.into_iter())
            .map(|(id, x, y, width, height)| (id.into(), x, y, width, height))
            .collect();
        let lettering = Lettering { largest: size * 1.4, smallest: size, most: 100 };
        let placed = labels(&sectors, lettering);
        // The most important one is labelled wherever it has room inside. Beside it, a label could stand in
        // another sector.
        let alone = labels(&sectors[..1], lettering);
        let is_inside = alone.iter().any(|label| shape(&sectors[0]).contains(label.at));
        prop_assert!(!is_inside || placed.iter().any(|label| label.id == sectors[0].0));
    }
}

#[test]
fn the_more_important_sector_has_the_label_where_there_is_room_for_one() {
    // Many equal sectors around one place.
    let heap: Vec<Sector> = (0..100)
        .map(|n| sector(&format!("S{n:02}"), 20.0 + f64::from(n) * 1e-4, 45.0, 0.5))
        .collect();
    let placed = labels(&heap, LETTERING);
    assert_eq!(placed.iter().map(|label| &*label.id).collect::<Vec<_>>(), ["S00"]);
    let mut turned = heap;
    turned.rotate_left(42);
    assert_eq!(&*labels(&turned, LETTERING)[0].id, "S42");
}

#[test]
fn a_label_is_inside_its_sector_where_it_fits() {
    let placed =
        labels(&[sector("LARGE", 2.0, 32.0, 20.0), sector("SMALL", 30.0, 50.0, 0.5)], LETTERING);
    let [large, small] = &placed[..] else { panic!("{placed:?}") };
    assert!(shape(&sector("", 2.0, 32.0, 20.0)).bounds().holds(&large.bounds()));
    assert_eq!(large.size, LETTERING.largest);
    // The only ones beside: their label is near, and hides nothing.
    assert!(!shape(&sector("", 30.0, 50.0, 0.5)).bounds().overlaps(&small.bounds()), "{small:?}");
    assert_eq!(small.size, LETTERING.smallest);
}

#[test]
fn there_are_no_more_labels_than_a_page_holds() {
    let mosaic: Vec<Sector> = (0..128)
        .map(|n| {
            sector(
                &format!("S{n:02}"),
                f64::from(n % 16) * 2.4,
                32.0 + f64::from(n / 16) * 3.0,
                2.4,
            )
        })
        .collect();
    let small = Lettering { largest: 12.0, smallest: 9.0, most: 60 };
    let placed = labels(&mosaic, small);
    assert_eq!(placed.len(), 60);
    let ids: Vec<&str> = placed.iter().map(|label| &*label.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "the first ones: {ids:?}");
    assert_eq!(labels(&mosaic, Lettering { most: 128, ..small }).len(), 128, "all have room");
}
