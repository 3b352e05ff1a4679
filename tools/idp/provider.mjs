// An OpenID provider with made-up persons, for the demo and the tests: oidc-provider, set up the way ID-porten asks its clients to work.
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';
import * as pages from './pages.mjs';

// Node got URL.parse in 22.1 and in a late 20; oidc-provider counts on it.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);

const LOOPBACK = ['127.0.0.1', 'localhost'];
const ACR_VALUES = ['idporten-loa-low', 'idporten-loa-substantial', 'idporten-loa-high'];
const OUR_CLAIMS = ['sub', 'acr', 'amr', 'auth_time', 'sid', 'groups', 'locale'];
const HOURS = 60 * 60;

function readConfiguration() {
  const given = process.argv[2] ?? process.env.IDP_CONFIG;
  if (!given) throw new Error('usage: node provider.mjs CONFIG.json (or IDP_CONFIG: a path, or the JSON itself)');
  const configuration = JSON.parse(given.trimStart().startsWith('{') ? given : readFileSync(given, 'utf8'));
  const { protocol, hostname } = new URL(configuration.issuer);
  if (protocol !== 'http:' || !LOOPBACK.includes(hostname)) throw new Error('the issuer must be http://127.0.0.1:PORT: this provider asks for no password');
  return configuration;
}

/** What oidc-provider keeps, in this process only; the names are those its adapters must have. */
class Memory {
  static records = new Map();

  constructor(model) { this.model = model; }

  key(id) { return `${this.model} ${id}`; }

  async upsert(id, payload, expiresIn) {
    Memory.records.set(this.key(id), payload);
    setTimeout(() => Memory.records.get(this.key(id)) === payload && this.destroy(id), expiresIn * 1000).unref();
  }

  async find(id) { return Memory.records.get(this.key(id)); }

  async findByUid(uid) { return this.where((payload) => payload.uid === uid)[0]?.[1]; }

  async consume(id) { (await this.find(id)).consumed = Math.floor(Date.now() / 1000); }

  async destroy(id) { Memory.records.delete(this.key(id)); }

  async revokeByGrantId(grantId) {
    for (const [key] of this.where((payload) => payload.grantId === grantId)) Memory.records.delete(key);
  }

  where(holds) { return [...Memory.records].filter(([key, payload]) => key.startsWith(`${this.model} `) && holds(payload)); }
}

function newKeys() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] };
}

/** Ask who it is each time: whoever tries the portal wants to choose a person, not to be the last one again. */
function alwaysAsk() {
  const policy = interactionPolicy.base();
  const check = new interactionPolicy.Check('ask', 'a person must be chosen', ({ oidc }) => !oidc.result?.login);
  policy.get('login').checks.add(check);
  return policy;
}

/** Calls to clients go to this machine only; oidc-provider's own guard refuses just these addresses. */
async function fetchOnLoopback(url, { dispatcher, ...options }) {
  if (!LOOPBACK.includes(new URL(url).hostname)) throw new Error(`not on this machine: ${url}`);
  return fetch(url, options);
}

function makeProvider({ issuer, clients, jwks, acr_values: acrValues = ACR_VALUES, pairwise_salt: salt = 'demo' }, persons) {
  const { port } = new URL(issuer);
  const more = [...persons.values()].flatMap(({ claims = {} }) => Object.keys(claims));
  const provider = new Provider(issuer, {
    adapter: Memory,
    clients: clients.map((client) => ({
      grant_types: ['authorization_code'],
      response_types: ['code'],
      subject_type: 'pairwise',
      backchannel_logout_session_required: Boolean(client.backchannel_logout_uri),
      ...client,
    })),
    jwks: jwks ?? newKeys(),
    acrValues,
    scopes: ['openid', 'profile', 'email'],
    claims: { openid: [...new Set([...OUR_CLAIMS, ...more])], profile: ['name'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false, // name and e-mail in the ID token, as Entra ID gives them
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_ctx, id, { clientId }) => createHmac('sha256', salt).update(`${clientId} ${id}`).digest('base64url'),
    findAccount: (_ctx, id) => persons.has(id) && {
      accountId: id,
      claims: () => {
        const { name, groups, locale = 'nb', claims } = persons.get(id);
        return { sub: id, name, groups, locale, ...claims };
      },
    },
    loadExistingGrant, // no page asks for consent: choosing the person was the consent
    interactions: { policy: alwaysAsk(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    cookies: {
      keys: [randomBytes(32).toString('hex')],
      names: { session: `idp_${port}`, interaction: `idp_${port}_interaction`, resume: `idp_${port}_resume` }, // cookies don't know ports
    },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 12 * HOURS, IdToken: 600, Interaction: HOURS, Session: 12 * HOURS },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx) => show(ctx, pages.signOut(ctx.oidc.urlFor('end_session_confirm'), ctx.oidc.session.state.secret)),
        postLogoutSuccessSource: (ctx) => show(ctx, pages.signedOut()),
      },
    },
    discovery: { ui_locales_supported: ['nb', 'nn', 'en'] },
    renderError: (ctx, out) => show(ctx, pages.failed(out)),
    clientBasedCORS: () => false,
    fetch: fetchOnLoopback,
  });
  const targets = clients.flatMap(({ redirect_uris: a, post_logout_redirect_uris: b = [] }) => [...a, ...b]).map((uri) => new URL(uri).origin);
  const policy = pages.contentSecurityPolicy([...new Set(targets)]);
  function show(ctx, html) {
    ctx.type = 'html';
    ctx.set('Content-Security-Policy', policy);
    ctx.body = html;
  }
  provider.use(async (ctx, next) => {
    await next();
    // Nobody is signed in here: there is nothing to ask, so go straight back to the service.
    const { params, route, session } = ctx.oidc ?? {};
    if (route === 'end_session' && ctx.status === 200 && !session.accountId && params.post_logout_redirect_uri) {
      const back = new URL(params.post_logout_redirect_uri);
      if (params.state) back.searchParams.set('state', params.state);
      ctx.redirect(back.href);
    }
  });
  provider.on('server_error', (_ctx, error) => console.error(error));
  return { provider, policy };
}

async function loadExistingGrant({ oidc }) {
  const { Grant } = oidc.provider;
  const grant = (await Grant.find(oidc.session.grantIdFor(oidc.client.clientId) ?? '')) ?? new Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

async function body(request) {
  let text = '';
  for await (const part of request) {
    text += part;
    if (text.length > 10_000) throw new Error('too much');
  }
  return text;
}

/** GET shows whom to be; POST signs that person in, or cancels. */
async function interaction({ provider, policy }, persons, request, response) {
  const { params, session } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const client = await provider.Client.find(params.client_id);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy, 'Cache-Control': 'no-store' });
    response.end(pages.choosePerson(client.clientName ?? 'portalen', [...persons.values()]));
    return;
  }
  const form = new URLSearchParams(await body(request));
  const person = persons.get(form.get('person'));
  const result = person
    ? { login: { accountId: person.id, acr: person.acr ?? 'idporten-loa-substantial', amr: ['TestID'] } }
    : { error: 'access_denied', error_description: 'the person went back' };
  const next = await provider.interactionResult(request, response, result, { mergeWithLastSubmission: false });
  // Another person than last time: sign the first one out here, or oidc-provider asks about it on a page of its own.
  if (person) await endSessions(provider, ({ uid, accountId }) => uid === session?.uid && accountId !== person.id);
  response.writeHead(303, { Location: next }).end();
}

/** What tests may do from outside, only with IDP_TEST=1: change a person, end a person's sessions. */
async function testing({ provider }, persons, request, response) {
  const [, , what, id] = new URL(request.url, provider.issuer).pathname.split('/').map(decodeURIComponent);
  const answer = (status, value) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  if (request.method !== 'POST' || !persons.has(id)) return answer(404, { error: 'no such person' });
  if (what === 'persons') {
    persons.set(id, { ...persons.get(id), ...JSON.parse(await body(request)), id });
    return answer(200, persons.get(id));
  }
  if (what === 'end-session') return answer(200, await endSessions(provider, ({ accountId }) => accountId === id));
  return answer(404, { error: 'no such thing' });
}

/** End sessions here and tell each client behind the browser's back; returns [{client_id, sid, error}]. */
async function endSessions(provider, holds) {
  const told = [];
  for (const [, session] of new Memory('Session').where(holds)) {
    const { accountId, authorizations = {} } = session;
    delete session.accountId; // the browser keeps its cookie, and nobody is signed in behind it
    delete session.authorizations;
    for (const [clientId, { sid }] of Object.entries(authorizations)) {
      const client = await provider.Client.find(clientId);
      if (!client.backchannelLogoutUri) continue;
      const error = await client.backchannelLogout(accountId, sid).then(() => null, ({ message }) => message);
      told.push({ client_id: clientId, sid, error });
    }
  }
  return told;
}

function start() {
  const configuration = readConfiguration();
  const persons = new Map(configuration.persons.map((person) => [person.id, person]));
  const forTests = process.env.IDP_TEST === '1';
  const issuer = new URL(configuration.issuer);
  const server = createServer();
  server.listen(Number(issuer.port || 80), '127.0.0.1', () => {
    if (issuer.port === '0') configuration.issuer = `http://${issuer.hostname}:${server.address().port}`; // a free one was taken
    server.on('request', answering(makeProvider(configuration, persons), persons, forTests));
    console.log(`ready ${configuration.issuer}`);
  });
  const stop = () => process.exit(0);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (forTests) process.stdin.on('end', stop).resume(); // the tests that started it are gone
}

function answering(made, persons, forTests) {
  const handle = made.provider.callback();
  return (request, response) => {
    const route = request.url.startsWith('/interaction/') ? interaction : forTests && request.url.startsWith('/test/') ? testing : null;
    if (!route) return handle(request, response);
    return route(made, persons, request, response).catch((error) => {
      response.writeHead(400, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': made.policy });
      response.end(pages.failed({ error: error.name, error_description: error.message }));
    });
  };
}

process.on('uncaughtException', (error) => {
  console.error(`idp: ${error.message}`);
  process.exit(2);
});
start();
