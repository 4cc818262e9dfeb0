//! Compression of a connection, for clients that ask for it, without making anything smaller.
//!
//! Both formats have blocks that hold their data as it is. So a message is one or several of those, in a
//! stream that lasts as long as the connection. (Discord: Gateway, Transport Compression.)

/// The most that a block holds: for zlib by its length field, for zstd by the standard.
const ZLIB_BLOCK: usize = 65_535;
const ZSTD_BLOCK: usize = 128 * 1_024;

/// How zlib's stream begins: a window of 32 KiB. (RFC 1950, 2.2.)
const ZLIB_HEADER: [u8; 2] = [0x78, 0x01];
/// The end of a message in it: an empty block. (RFC 1951, 3.2.4.)
const ZLIB_FLUSH: [u8; 5] = [0x00, 0x00, 0x00, 0xff, 0xff];
/// The start of zstd's stream: a frame of any length, with a window of 1 MiB. (RFC 8878, 3.1.1.)
const ZSTD_HEADER: [u8; 6] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50];

/// A block of an invalid type in either format, which ends as zlib's messages do.
const DAMAGED: [u8; 5] = [0x06, 0x00, 0x00, 0xff, 0xff];

/// Packs the messages of a connection.
pub(crate) struct Packer {
    format: Format,
    has_begun: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Zlib,
    Zstd,
}

impl Packer {
    /// Returns the compression that a client asks for in the URL, if any.
    pub(crate) fn asked_for(address: &str) -> Option<Self> {
        let (_, query) = address.split_once('?')?;
        let asked = query
            .split('&')
            .find_map(|field| field.strip_prefix("compress="));
        let format = match asked? {
            "zlib-stream" => Format::Zlib,
            "zstd-stream" => Format::Zstd,
            _ => return None,
        };
        Some(Self {
            format,
            has_begun: false,
        })
    }

    /// Returns whether a message may come in parts: zstd's are whole. (Discord: Gateway, Transport
    /// Compression.)
    pub(crate) fn has_parts(&self) -> bool {
        self.format == Format::Zlib
    }

    /// Packs a message.
    pub(crate) fn pack(&mut self, message: &[u8]) -> Vec<u8> {
        let mut packed = self.begin();
        match self.format {
            Format::Zlib => {
                for block in message.chunks(ZLIB_BLOCK) {
                    let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
                    packed.push(0);
                    packed.extend(length.to_le_bytes());
                    packed.extend((!length).to_le_bytes());
                    packed.extend(block);
                }
                packed.extend(ZLIB_FLUSH);
            }
            Format::Zstd => {
                for block in message.chunks(ZSTD_BLOCK) {
                    let length = u32::try_from(block.len()).unwrap_or(u32::MAX);
                    packed.extend(&(length << 3).to_le_bytes()[..3]);
                    packed.extend(block);
                }
            }
        }
        packed
    }

    /// Returns a message that cannot be unpacked, nor can what comes after it.
    pub(crate) fn damaged(&mut self) -> Vec<u8> {
        let mut packed = self.begin();
        packed.extend(DAMAGED);
        packed
    }

    /// Returns the start of the stream, the first time.
    fn begin(&mut self) -> Vec<u8> {
        match (std::mem::replace(&mut self.has_begun, true), self.format) {
            (true, _) => Vec::new(),
            (false, Format::Zlib) => ZLIB_HEADER.to_vec(),
            (false, Format::Zstd) => ZSTD_HEADER.to_vec(),
        }
    }
}
