import { chromium as engine } from "playwright-core";
import { serve } from "../../docs/tools/serve.js";
import { chromium } from "./chromium.js";

/** What the page of docs/bundling.md shows in a real browser, and the scripts that it loaded for it. */
export interface ShownPage {
  readonly text: string;
  readonly scripts: string;
  readonly complaints: readonly string[];
}

/** Opens the page that a bundler put into `folder`, for what a program sent. */
export async function showPage(folder: string, language: string, received: unknown): Promise<ShownPage> {
  const server = await serve({ folder });
  const browser = await engine.launch({ executablePath: chromium.path as string });
  try {
    const page = await browser.newPage();
    // A busy machine is no fault of the page: what never comes is ended by the limit of the test.
    page.setDefaultTimeout(0);
    const complaints: string[] = [];
    const scripts: Promise<string>[] = [];
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        complaints.push(message.text());
      }
    });
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") {
        scripts.push(response.text());
      }
    });
    const query = new URLSearchParams({ language, received: JSON.stringify(received) });
    await page.goto(`${server.url}index.html?${query}`);
    await page.waitForFunction("document.getElementById('message').textContent !== ''");
    const text = await page.textContent("#message");
    return { text: text ?? "", scripts: (await Promise.all(scripts)).join("\n"), complaints };
  } finally {
    await browser.close();
    await server.close();
  }
}
