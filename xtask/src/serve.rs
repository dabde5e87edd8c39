//! A small web server for the built page, on the loopback interface only.
//!
//! It sends the content security policy that the page promises to work under, so that a page
//! that breaks it is noticed here and not on somebody's strict server. Not here: TLS,
//! compression, ranges, anything but GET and HEAD.

use crate::Outcome;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What the page may load and run. No inline script, no `eval`; style attributes are allowed,
/// since positions on the stage are written as such.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; \
     script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
     frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// A request head longer than this is refused.
const HEAD_LIMIT: u64 = 16 * 1024;

/// A silent connection is closed after this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is served, and under which path.
struct Site {
    /// Starts and ends with a slash.
    prefix: String,
    root: PathBuf,
}

/// Listens on 127.0.0.1; port 0 takes a free one.
pub fn listen(port: u16) -> Outcome<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "port {port} is in use by another program. Close it, or choose another port: \
             --port {}",
            port.wrapping_add(1).max(1024)
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("port {port} may not be used without rights; choose one above 1023.")
        }
        _ => format!("cannot listen on 127.0.0.1:{port}: {error}."),
    })
}

/// Serves a folder under the prefix until the program ends.
pub fn serve(listener: &TcpListener, prefix: &str, root: PathBuf) {
    let site = Arc::new(Site {
        prefix: prefix.to_owned(),
        root,
    });
    for stream in listener.incoming().flatten() {
        let site = Arc::clone(&site);
        // A connection that breaks is the visitor's affair; the next request starts afresh.
        std::thread::spawn(move || drop(answer_all(&stream, &site)));
    }
}

/// Answers one request after the other on a connection that is kept open.
fn answer_all(stream: &TcpStream, site: &Site) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some((method, target)) = read_head(&mut reader)? {
        let response = respond(&method, &target, site);
        write_response(stream, &response, method == "HEAD")?;
    }
    Ok(())
}

/// Method and target of the next request; nothing when the visitor has gone or talks nonsense.
fn read_head(reader: &mut BufReader<TcpStream>) -> std::io::Result<Option<(String, String)>> {
    let mut head = reader.take(HEAD_LIMIT);
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    loop {
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line.trim().is_empty() {
            return Ok(Some((method, target)));
        }
    }
}

struct Response {
    status: &'static str,
    media_type: &'static str,
    /// Where to go instead.
    location: Option<String>,
    body: Vec<u8>,
}

impl Response {
    fn plain(status: &'static str) -> Self {
        let body = format!("{status}\n").into_bytes();
        Self {
            status,
            media_type: "text/plain; charset=utf-8",
            location: None,
            body,
        }
    }
}

fn respond(method: &str, target: &str, site: &Site) -> Response {
    if method != "GET" && method != "HEAD" {
        return Response::plain("405 Method Not Allowed");
    }
    let path = target.split(['?', '#']).next().unwrap_or(target);
    if path != site.prefix && format!("{path}/") == site.prefix {
        let moved = Response::plain("301 Moved Permanently");
        return Response {
            location: Some(site.prefix.clone()),
            ..moved
        };
    }
    let file = path
        .strip_prefix(&site.prefix)
        .and_then(percent_decode)
        .and_then(|inside| resolve(&site.root, &inside));
    let Some(file) = file else {
        return Response::plain("404 Not Found");
    };
    match std::fs::read(&file) {
        Ok(body) => Response {
            status: "200 OK",
            media_type: media_type(&file),
            location: None,
            body,
        },
        Err(_) => Response::plain("404 Not Found"),
    }
}

/// The file a path inside the site names; nothing when it would leave the site's folder.
fn resolve(root: &Path, inside: &str) -> Option<PathBuf> {
    let plain = |part: &str| !part.contains(['\\', ':', '\0']) && part != "..";
    if !inside.split('/').all(plain) {
        return None;
    }
    let mut file = root.join(inside.trim_start_matches('/'));
    if file.is_dir() {
        file.push("index.html");
    }
    // Links could still lead outside: compare the real places.
    let file = file.canonicalize().ok()?;
    file.starts_with(root.canonicalize().ok()?).then_some(file)
}

fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn media_type(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or("")
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "md" | "txt" | "csv" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn write_response(mut stream: &TcpStream, response: &Response, head: bool) -> std::io::Result<()> {
    let location = response
        .location
        .as_ref()
        .map_or_else(String::new, |location| format!("Location: {location}\r\n"));
    write!(
        stream,
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{location}\
         Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-cache\r\n\r\n",
        response.status,
        response.media_type,
        response.body.len(),
    )?;
    if !head {
        stream.write_all(&response.body)?;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    /// A path never names a file outside the folder, however it is written.
    #[test]
    fn paths_stay_inside() {
        let root = paths::root().join("xtask");
        assert!(resolve(&root, "src/serve.rs").is_some());
        for bad in [
            "../Cargo.toml",
            "src/../../Cargo.toml",
            "..",
            "src/..\\x",
            "C:/x",
            "//etc",
        ] {
            assert_eq!(resolve(&root, bad), None, "{bad}");
        }
        let decoded = percent_decode("%2e%2e/Cargo.toml").unwrap_or_default();
        assert_eq!(resolve(&root, &decoded), None);
        assert_eq!(percent_decode("a%zz"), None);
    }

    /// Under a sub-folder nothing else answers, and the folder's bare name leads to it.
    #[test]
    fn the_prefix_is_kept() {
        let site = Site {
            prefix: "/a/b/".to_owned(),
            root: paths::root().join("xtask"),
        };
        assert_eq!(
            respond("GET", "/a/b/Cargo.toml?x=1", &site).status,
            "200 OK"
        );
        assert_eq!(respond("GET", "/Cargo.toml", &site).status, "404 Not Found");
        assert_eq!(
            respond("GET", "/a/b", &site).location.as_deref(),
            Some("/a/b/")
        );
        assert_eq!(
            respond("POST", "/a/b/", &site).status,
            "405 Method Not Allowed"
        );
    }
}
