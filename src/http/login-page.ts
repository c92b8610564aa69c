/**
 * The page that takes a token. It works without the dashboard's files, which nobody gets who is not signed in. Its style
 * and its script are files of their own: the pages' policy takes no other.
 */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in - Sallyport</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/login.css">
<script src="/login.js" defer></script>
<main>
<h1>Sign in to Sallyport</h1>
<form id="login">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus spellcheck="false">
<p id="problem" role="alert"></p>
<button>Sign in</button>
</form>
<p class="hint">A token begins with <code>spt_</code>. An administrator makes one with <code>sallyport token create</code>.</p>
</main>
`;

/** Leads to where the person wanted to go: a fragment of the dashboard's own address, never another origin. */
export const SCRIPT = `const form = document.getElementById('login');
const problem = document.getElementById('problem');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  try {
    const response = await fetch('/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: form.elements.token.value.trim() }),
    });
    if (response.ok) {
      location.replace('/' + (location.hash.startsWith('#/') ? location.hash : ''));
      return;
    }
    problem.textContent = (await response.json()).detail;
  } catch {
    problem.textContent = 'Sallyport cannot be reached; try again in a moment.';
  }
  form.elements.token.focus();
});
`;

export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f4f5f7;
  --surface: #fff;
  --line: #d9dde3;
  --line-strong: #8a929e;
  --text: #171b22;
  --quiet: #545d6b;
  --focus: #1d5fd1;
  --yes: #17663f;
  --on-yes: #fff;
  --no: #a3271f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1216;
    --surface: #181c22;
    --line: #2c323b;
    --line-strong: #6c7684;
    --text: #e7eaef;
    --quiet: #a3acb9;
    --focus: #82b1ff;
    --yes: #2f9a66;
    --on-yes: #04140b;
    --no: #f0968d;
  }
}
* { box-sizing: border-box; }
body {
  display: grid;
  place-items: center;
  min-height: 100vh;
  margin: 0;
  padding: 16px;
  background: var(--ground);
  color: var(--text);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
main {
  width: 100%;
  max-width: 420px;
  padding: 28px;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--surface);
}
h1 { margin: 0 0 20px; font-size: 20px; line-height: 1.3; letter-spacing: -0.01em; }
label { display: block; margin-bottom: 4px; font-weight: 550; }
input, button { width: 100%; min-height: 44px; padding: 8px 12px; border-radius: 7px; font: inherit; }
input { border: 1px solid var(--line-strong); background: var(--surface); color: var(--text); }
button { border: 1px solid var(--yes); background: var(--yes); color: var(--on-yes); font-weight: 650; cursor: pointer; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
#problem { margin: 10px 0; color: var(--no); }
#problem:empty { margin: 12px 0 0; }
.hint { margin: 20px 0 0; color: var(--quiet); font-size: 13px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
`;
