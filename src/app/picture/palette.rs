//! Eight colours that people with the common colour blindnesses can tell apart, for each theme.
//!
//! After Okabe and Ito (2008), with the pale ones deepened on white and the deep ones lightened on
//! dark, so that each stands at 3:1 or more against its ground (WCAG 2.2, 1.4.11). Deliberately not
//! here: what a colour stands for.

use super::pixmap::Rgba;

/// How the page is lit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
    /// White, strong colours, for a bright room.
    Projector,
}

/// The colours of one theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Of messages.
    pub marks: [Rgba; 8],
    /// Of what is drawn without meaning: ticks of acknowledgement, outlines.
    pub neutral: Rgba,
    /// Of what went wrong: nacks, drops.
    pub alarm: Rgba,
    /// What is written on a crowd.
    pub on_mark: Rgba,
    /// Boxes too far away to be read.
    pub distant: Rgba,
    /// The ground itself, to test contrast against.
    pub ground: Rgba,
}

const fn rgb(hex: u32) -> Rgba {
    [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8, 255]
}

impl Palette {
    /// The colours on `ground`.
    #[must_use]
    pub const fn on(ground: Ground) -> Self {
        match ground {
            Ground::Light => Self {
                marks: [
                    rgb(0x0000_72b2),
                    rgb(0x00c7_5b00),
                    rgb(0x0000_8a66),
                    rgb(0x00b1_4a87),
                    rgb(0x002a_8fc4),
                    rgb(0x008f_7a00),
                    rgb(0x00b8_3a1b),
                    rgb(0x004b_4b4b),
                ],
                neutral: rgb(0x005f_6b7a),
                alarm: rgb(0x00b0_2a2a),
                on_mark: rgb(0x00ff_ffff),
                distant: rgb(0x008a_94a3),
                ground: rgb(0x00fa_faf8),
            },
            Ground::Dark => Self {
                marks: [
                    rgb(0x004a_a8e8),
                    rgb(0x00f0_a030),
                    rgb(0x002f_c498),
                    rgb(0x00e0_8abd),
                    rgb(0x008a_d0f5),
                    rgb(0x00f0_e442),
                    rgb(0x00f0_7848),
                    rgb(0x00d8_d8d8),
                ],
                neutral: rgb(0x009a_a7b8),
                alarm: rgb(0x00ff_7a70),
                on_mark: rgb(0x0010_141a),
                distant: rgb(0x006a_7688),
                ground: rgb(0x0014_181f),
            },
            Ground::Projector => Self {
                marks: [
                    rgb(0x0000_4f9e),
                    rgb(0x00b0_4a00),
                    rgb(0x0000_6b4a),
                    rgb(0x0095_266b),
                    rgb(0x0000_70a8),
                    rgb(0x006e_5c00),
                    rgb(0x00a8_1c00),
                    rgb(0x0020_2020),
                ],
                neutral: rgb(0x0030_3842),
                alarm: rgb(0x00a8_0000),
                on_mark: rgb(0x00ff_ffff),
                distant: rgb(0x0050_5864),
                ground: rgb(0x00ff_ffff),
            },
        }
    }
}
