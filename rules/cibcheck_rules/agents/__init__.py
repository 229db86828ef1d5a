"""AGT: what resource and fence agents take, and what the configuration gives them."""
