"""A slow line carries pages and stylesheet compressed; whoever does not ask for it gets them plain."""

import gzip

from safehouse.access.permissions import Role


def test_a_page_travels_compressed_and_says_the_same(browser, make):
    browser.sign_in(make.account(Role.MANAGER, make.house()))
    plain = browser.client.get("/beds").get_data(as_text=True)
    packed = browser.client.get("/beds", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    said = gzip.decompress(packed.data).decode()
    assert said.split("<main")[1][:200] == plain.split("<main")[1][:200]
    assert len(packed.data) < len(plain) / 2


def test_the_stylesheet_travels_compressed(browser):
    packed = browser.client.get("/static/teduh.css?v=1", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == browser.client.get("/static/teduh.css?v=1", buffered=True).data
    assert packed.headers["Cache-Control"].startswith("public")


def test_a_file_outside_the_folder_is_not_read(browser):
    assert browser.client.get("/static/../pages.py", headers={"Accept-Encoding": "gzip"}).status_code in {303, 404}
