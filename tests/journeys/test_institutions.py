"""81 directorates and their focal points by pages only, and a name chosen from a list by keyboard."""

from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, look_over, open_page
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

COUNT = "document.addEventListener('click', () => window.name = String(Number(window.name || 0) + 1), true)"
PROVINCES = ("Adana", "Adıyaman", "Afyon", "Amasya", "Antalya", "Artvin", "Aydın", "Balıkesir", "Bilecik", "Bingöl")


def clicks(page: Page) -> int:
    """How often somebody has clicked since the page counts; the name of a window outlives its documents."""
    return int(page.evaluate("window.name") or 0)


def test_81_directorates_with_ten_focal_points_take_less_than_fifteen_clicks(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(COUNT)
    page.goto(installation.url)
    page.evaluate("window.name = ''")
    page.get_by_role("link", name="Institutions", exact=True).click()
    page.get_by_role("link", name="Add the provincial directorates").click()
    page.get_by_label("Institution name").fill("{province} Uyum Müdürlüğü")
    page.get_by_label("Name in English").fill("{province} Directorate of Integration")
    page.get_by_label("Parent institution").press_sequentially("İçişleri Bakanlığı")
    page.get_by_role("option", name="Create “İçişleri Bakanlığı”").click()
    assert look_over(page) == []
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("status")).to_contain_text("81 institutions are new.")
    assert look_over(page) == []
    page.get_by_role("button", name="Add 81 institutions").click()
    expect(page.get_by_role("status").first).to_contain_text("82 institutions are added.")
    assert look_over(page) == []
    page.get_by_role("link", name="Edit as a table").click()
    lines = [f"{name} Uyum Md.\tOdak {n}\todak.{n}@example.org" for n, name in enumerate(PROVINCES)]
    page.get_by_label("Paste cells from a spreadsheet").fill("\n".join(lines))
    page.get_by_role("button", name="Fill in").click()
    expect(page.get_by_label("Focal point, 3")).to_have_value("Odak 2")
    expect(page.get_by_label("Institution name, 3")).to_have_value("Afyonkarahisar Uyum Müdürlüğü")
    assert look_over(page) == []
    page.get_by_role("button", name="Save all").click()
    expect(page.get_by_role("status").first).to_contain_text("0 added, 10 changed, 0 left as they were.")
    assert clicks(page) < 15
    phone = open_page(browser, PHONE, "tr", storage_state=page.context.storage_state())
    phone.goto(page.url)
    assert look_over(phone) == []


def test_a_wrong_cell_has_the_focus_and_a_block_of_cells_fills_the_table(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/institutions/grid?q=no+such+name")
    page.get_by_label("Institution name, 1").focus()
    page.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        "Kızılay\tRed Crescent\tCivil society\tAnkara\nYeşilay\tGreen Crescent\tCivil society\tAtlantis\n",
    )
    expect(page.get_by_label("Kind, 2")).to_have_value("civil-society")
    page.get_by_role("button", name="Save all").click()
    expect(page.get_by_label("Province, 2")).to_be_focused()
    assert look_over(page) == []
    page.get_by_label("Province, 2").fill("İstanbul")
    page.get_by_role("button", name="Save all").click()
    expect(page.get_by_role("status").first).to_contain_text("2 added")


def test_a_parent_is_chosen_by_keyboard(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/institutions?q=van")
    page.locator("tbody a").first.click()
    field = page.get_by_role("combobox", name="Parent institution")
    field.press_sequentially("goc ida")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert look_over(page) == []
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.locator(f"[id='{field.get_attribute('aria-activedescendant')}']").get_attribute("data-value")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    field.press("Enter")
    assert chosen
    assert field.input_value()
    expect(field).to_be_focused()
