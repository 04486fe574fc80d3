//! A diagram as pixels, for places that show no SVG: what `svg` draws, rasterized.
//!
//! Behind the feature `png`, because a rasterizer and a font are a third of the program. The font
//! is embedded, the one whose widths `svg` reckons with, so that the same schema gives the same
//! bytes on every machine. Light colours only: a picture knows nothing of its reader's screen.

use std::fmt;

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PngError {
    /// The program was built without the feature.
    NotBuilt,
    /// The diagram is too large for a picture of pixels.
    TooLarge { width: u32, height: u32 },
    /// The rasterizer does not read what `svg` draws.
    Unreadable,
}

impl fmt::Display for PngError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotBuilt => f.write_str(
                "this schemagen was built without PNG; `cargo install --path . --features png` builds it in",
            ),
            Self::TooLarge { width, height } => write!(
                f,
                "a diagram of {width} x {height} is too large for pixels; choose tables by --only, --group or --around"
            ),
            Self::Unreadable => {
                f.write_str("the diagram cannot be turned into pixels; this is a mistake in schemagen")
            }
        }
    }
}

impl std::error::Error for PngError {}

/// A drawing of ours as a PNG.
#[cfg(not(feature = "png"))]
pub fn png(_svg: &str) -> Result<Vec<u8>, PngError> {
    Err(PngError::NotBuilt)
}

#[cfg(feature = "png")]
pub use raster::png;

#[cfg(feature = "png")]
mod raster {
    use std::sync::Arc;

    use resvg::tiny_skia::{Pixmap, Transform};
    use resvg::usvg::fontdb::Database;
    use resvg::usvg::{Options, Tree};

    use super::PngError;

    /// Screens have two pixels where a drawing has one.
    const SCALE: f32 = 2.0;

    /// 256 MB while it is drawn, and more than what viewers like to open.
    const MOST_PIXELS: f32 = 64.0 * 1024.0 * 1024.0;

    /// A drawing of ours as a PNG: at twice its size, or at less where that is too large.
    pub fn png(svg: &str) -> Result<Vec<u8>, PngError> {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        let options = Options {
            fontdb: Arc::new(fonts),
            font_family: "DejaVu Sans".to_owned(),
            ..Options::default()
        };
        let tree = Tree::from_str(svg, &options).map_err(|_| PngError::Unreadable)?;
        let (width, height) = (tree.size().width(), tree.size().height());
        let scale = SCALE.min((MOST_PIXELS / (width * height)).sqrt());
        // Below half of its size nobody can read it.
        let large = PngError::TooLarge {
            width: whole(width),
            height: whole(height),
        };
        if scale < 0.5 {
            return Err(large);
        }
        let (across, down) = (whole(width * scale), whole(height * scale));
        let mut pixels = Pixmap::new(across, down).ok_or(large)?;
        let transform = Transform::from_scale(scale, scale);
        resvg::render(&tree, transform, &mut pixels.as_mut());
        pixels.encode_png().map_err(|_| PngError::Unreadable)
    }

    fn whole(length: f32) -> u32 {
        // Sizes of drawings are positive, and far below what a u32 holds.
        length.ceil().max(1.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(not(feature = "png"))]
    #[test]
    fn without_the_feature_it_says_how_to_get_it() {
        let error = png("<svg/>").unwrap_err();
        assert_eq!(error, PngError::NotBuilt);
        assert!(error.to_string().contains("--features png"));
    }

    /// A drawing with the style sheet that all have, and one word in it.
    #[cfg(feature = "png")]
    fn drawing(word: &str, side: u32) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 {side} {side}\">\n{}<rect class=\"page\" width=\"{side}\" height=\"{side}\"/>\n<text class=\"name\" x=\"2\" y=\"20\">{word}</text>\n</svg>",
            crate::render::svg::style_sheet()
        )
    }

    #[cfg(feature = "png")]
    fn pixels(png: &[u8]) -> resvg::tiny_skia::Pixmap {
        resvg::tiny_skia::Pixmap::decode_png(png).unwrap()
    }

    #[cfg(feature = "png")]
    #[test]
    fn a_drawing_has_its_words_on_light_paper() {
        let bytes = png(&drawing("users", 60)).unwrap();
        let picture = pixels(&bytes);
        assert_eq!((picture.width(), picture.height()), (120, 120));
        let corner = picture.pixel(119, 119).unwrap();
        assert_eq!((corner.red(), corner.alpha()), (255, 255));
        let dark =
            |p: &resvg::tiny_skia::Pixmap| p.pixels().iter().filter(|c| c.red() < 80).count();
        // Letters of a font that is there whatever the machine has.
        assert!(dark(&picture) > 200, "{}", dark(&picture));
        assert_eq!(dark(&pixels(&png(&drawing("", 60)).unwrap())), 0);
        assert_eq!(bytes, png(&drawing("users", 60)).unwrap());
    }

    #[cfg(feature = "png")]
    #[test]
    fn a_wall_is_too_large_and_says_so() {
        let error = png(&drawing("users", 60_000)).unwrap_err();
        assert!(error.to_string().contains("60000 x 60000"), "{error}");
        assert_eq!(png("<svg"), Err(PngError::Unreadable));
    }
}
