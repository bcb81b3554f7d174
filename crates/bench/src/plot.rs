//! A report as a picture: what part of the queries of each class was answered within a time.

use plotters::prelude::*;

use crate::report::{Report, quantile};

/// Width and height of the picture, in pixels.
const SIZE: (u32, u32) = (900, 540);

/// The picture as SVG.
///
/// # Errors
/// When it cannot be drawn.
pub fn svg(report: &Report) -> Result<String, String> {
    let mut picture = String::new();
    draw(report, &mut picture).map_err(|error| error.to_string())?;
    Ok(picture)
}

fn draw(report: &Report, picture: &mut String) -> Result<(), Box<dyn std::error::Error>> {
    let area = SVGBackend::with_string(picture, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut times: Vec<f64> = report.queries.iter().flat_map(|query| query.times.iter().copied()).collect();
    times.sort_by(f64::total_cmp);
    let (low, high) = (quantile(&times, 0.0).max(0.1), quantile(&times, 1.0).max(1.0));
    let mut chart = ChartBuilder::on(&area)
        .caption(format!("{}, {}", report.about.program, report.about.task), ("sans-serif", 18))
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d((low * 0.8..high * 1.2).log_scale(), 0.0..100.0)?;
    chart.configure_mesh().x_desc("microseconds").y_desc("% of queries answered").draw()?;
    for (number, class) in report.classes.keys().enumerate() {
        let of_class = report.queries.iter().filter(|query| query.class == *class);
        let mut times: Vec<f64> = of_class.flat_map(|query| query.times.iter().copied()).collect();
        times.sort_by(f64::total_cmp);
        let part = |rank: usize| 100.0 * rank as f64 / times.len() as f64;
        let line = times.iter().enumerate().map(|(rank, &time)| (time.max(0.1), part(rank + 1)));
        let color = Palette99::pick(number).to_rgba();
        chart
            .draw_series(LineSeries::new(line, color.stroke_width(2)))?
            .label(class)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], color.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .background_style(WHITE.mix(0.8))
        .border_style(BLACK)
        .draw()?;
    area.present()?;
    Ok(())
}
