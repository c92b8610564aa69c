/** The page that takes a token. Its script is a file of its own: the pages' policy runs no other. */
export const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - Sallyport</title>
<link rel="icon" href="data:,">
<script src="/login.js" defer></script>
<main>
<h1>Sign in to Sallyport</h1>
<form id="login">
<p><label for="token">Token</label><br>
<input id="token" name="token" type="password" autocomplete="current-password" required size="60"></p>
<p><button>Sign in</button></p>
<p id="problem" role="alert"></p>
</form>
<p>A token begins with <code>spt_</code>. An administrator makes one with <code>sallyport token create</code>.</p>
</main>
`;
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
      location.replace('/');
      return;
    }
    problem.textContent = (await response.json()).detail;
  } catch {
    problem.textContent = 'Sallyport cannot be reached; try again in a moment.';
  }
});
`;
