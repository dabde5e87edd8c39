//! The page: sets the panic hook and mounts the root component. Nothing else happens here.

fn main() {
    console_error_panic_hook::set_once();
}
