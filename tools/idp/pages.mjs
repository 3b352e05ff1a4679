// The three pages of the trial sign-in: whom to be, sign out, and what went wrong. No script, no request to anywhere.
import { createHash } from 'node:crypto';

const STYLE = `
  :root { color-scheme: light dark; --ink: #12262b; --paper: #f6f8f7; --card: #fff; --line: #6b7f83; --accent: #0b5563; --soft: #47585c; }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e8efee; --paper: #10191b; --card: #1a2628; --line: #8fa3a6; --accent: #7fd0dd; --soft: #b3c1c3; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; padding: 2rem 1rem 3rem; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif; }
  main { max-width: 34rem; margin: 0 auto; }
  h1 { font-size: 1.625rem; line-height: 1.25; margin: 0 0 .75rem; }
  p { margin: 0 0 1.5rem; }
  ul { list-style: none; margin: 0 0 2rem; padding: 0; display: grid; gap: .5rem; }
  button { font: inherit; color: inherit; text-align: left; width: 100%; min-height: 3rem; padding: .625rem 1rem;
           background: var(--card); border: 1px solid var(--line); border-radius: .375rem; cursor: pointer; }
  button strong, button small { display: block; }
  button small { color: var(--soft); font-size: .9375rem; }
  button:hover { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
  button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .main { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; }
  .plain { background: none; border-color: transparent; color: var(--accent); text-decoration: underline; width: auto; padding-inline: 0; }
  .plain:hover { border-color: transparent; box-shadow: none; text-decoration-thickness: 2px; }
`;

/** The policy of every page of ours; `targets` are the origins that a form may lead on to. */
export function contentSecurityPolicy(targets) {
  const style = createHash('sha256').update(STYLE).digest('base64');
  return `default-src 'none'; style-src 'sha256-${style}'; img-src data:; form-action 'self' ${targets.join(' ')}; base-uri 'none'; frame-ancestors 'none'`;
}

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]);

const page = (title, body) => `<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;

export function choosePerson(service, persons) {
  const buttons = persons.map(
    ({ id, name, description }) => `<li><button name="person" value="${escape(id)}"><strong>${escape(name ?? id)}</strong>${
      description ? `<small>${escape(description)}</small>` : ''}</button></li>`,
  );
  return page('Dette er en prøveinnlogging', `<p>Personene her er oppdiktet, og ingen av dem har passord. Velg hvem du vil være i ${escape(service)}.</p>
<form method="post">
<ul>
${buttons.join('\n')}
</ul>
<button class="plain" name="cancel" value="yes">Avbryt og gå tilbake</button>
</form>`);
}

export function signOut(action, secret) {
  return page('Logg ut av prøveinnloggingen?', `<p>Du er allerede logget ut av tjenesten du kom fra. Her avslutter du selve prøveinnloggingen.</p>
<form method="post" action="${escape(action)}">
<input type="hidden" name="xsrf" value="${escape(secret)}">
<button class="main" name="logout" value="yes">Logg ut</button>
</form>`);
}

export const signedOut = () => page('Du er logget ut', '<p>Du kan lukke siden.</p>');

export const failed = ({ error, error_description: description }) =>
  page('Innloggingen stoppet', `<p>Gå tilbake til tjenesten du kom fra og prøv på nytt.</p>
<p>Årsak for den som feilsøker: ${escape(error)}${description ? ` – ${escape(description)}` : ''}</p>`);
