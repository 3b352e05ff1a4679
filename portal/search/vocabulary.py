"""Words of municipal life that the stemmer knows too little of: nynorsk, parts of compounds, small words."""

from __future__ import annotations

VARIANTS = """
skule=skole veg=vei heim=hjem heime=hjemme heimeteneste=hjemmetjeneste teneste=tjeneste sjukeheim=sykehjem
sjukehus=sykehus sjuk=syk sjukdom=sykdom sjukepleie=sykepleie sjukepleiar=sykepleier sjukmelding=sykmelding ein=en
eit=et ei=en eg=jeg me=vi dykk=dere de=dere dei=de ho=hun kven=hvem kva=hva korleis=hvordan kvar=hvor kvifor=hvorfor
kvart=hvert nokon=noen noko=noe nokre=noen ikkje=ikke berre=bare mykje=mye meir=mer frå=fra au=også då=da
no=nå vere=være vore=vært vert=blir verte=bli gjere=gjøre gjer=gjør gje=gi gjev=gir sjå=se seie=si seier=sier
kome=komme kjem=kommer vatn=vann avløpsvatn=avløpsvann drikkevatn=drikkevann veglys=veilys tilskot=tilskudd
tilskott=tilskudd løyve=tillatelse løyving=bevilgning løyvingar=bevilgninger innbyggjar=innbygger brukar=bruker
lærar=lærer born=barn ungdomar=ungdommer gamal=gammel fylkesveg=fylkesvei bru=bro ferje=ferge ferjekai=fergekai
hamn=havn boss=søppel bosspann=søppelkasse attvinning=gjenvinning ombruk=gjenbruk tryggleik=sikkerhet
trafikktryggleik=trafikksikkerhet trygt=trygg utrygt=utrygg tryggare=trygg tryggere=trygg moglegheit=mulighet
mogleg=mulig leik=lek leike=leke leikeplass=lekeplass leikeapparat=lekeapparat symjing=svømming symje=svømme
symjehall=svømmehall bustad=bolig bustader=boliger bustadbygging=boligbygging husvære=bolig leige=leie
leigebustad=leiebolig jordbruk=landbruk lækjar=lege barneverntenesta=barneverntjenesten rettleiing=veiledning
rettleie=veilede eigedomsskatt=eiendomsskatt eigedom=eiendom eigedomar=eiendommer eigar=eier eige=eie
heimeside=hjemmeside tilgjenge=tilgjengelighet tilgjengelegheit=tilgjengelighet barnehagar=barnehager spele=spille
spel=spill fleire=flere fleirbruk=flerbruk fleirtal=flertall talet=tallet vêr=vær klår=klar saman=sammen
framlegg=forslag høyring=høring høyringssvar=høringssvar medverknad=medvirkning påverke=påvirke verke=virke
verksemd=virksomhet verksemder=virksomheter føretak=foretak opning=åpning opne=åpne ope=åpen open=åpen
opningstid=åpningstid opningstider=åpningstider stengd=stengt byggje=bygge gangveg=gangvei sykkelveg=sykkelvei
vedlikehald=vedlikehold halde=holde hald=hold røykje=røyke reinhald=renhold reinsing=rensing forureining=forurensing
forurensning=forurensing forureina=forurenset straum=strøm straumstøtte=strømstøtte måse=måke bråk=støy
einsemd=ensomhet einsam=ensom velkomen=velkommen innvandrar=innvandrer tilsett=ansatt tilsette=ansatte leiar=leder
leiing=ledelse ordførar=ordfører rådmann=kommunedirektør politikar=politiker igjennom=gjennom fyrste=første sjølv=selv
sjølvstendig=selvstendig sjølvbetening=selvbetjening flaum=flom overvatn=overvann skulemat=skolemat frukost=frokost
tenkje=tenke ynskje=ønske ønskje=ønske ynske=ønske treng=trenge trong=behov lettare=lettere enklare=enklere
betre=bedre fleirspråkleg=flerspråklig gut=gutt gutar=gutter vener=venner ven=venn veke=uke veker=uker månad=måned
månader=måneder sommar=sommer haust=høst morgon=morgen dagleg=daglig årleg=årlig offentleg=offentlig fremtid=framtid
frem=fram rein=ren
"""
"""Nynorsk (and a few older) forms, and the bokmål they are read as: on both sides, so that they meet."""

FORMS = """
vei=veien,veier,veiene,veia,vegen,vegar,vegane,veger,vegene bro=broen,broer,broene,brua,bruer,bruene,bruane
sjø=sjøen by=byen,byer,byene,byar,byane øy=øya,øyer,øyene,øyar,øyane,øyen kai=kaien,kaier,kaia,kaiene snø=snøen
tre=treet,trær,trærne,trea ski=skia,skiene sti=stien,stier,stiene,stiar,stiane idé=ideen,ideer,ideene,idear,ideane
kø=køen,køer bil=bilen,biler,bilene,bilar,bilane lek=leken,leker,lekene bad=badet,badene hus=huset,husene,husa
lag=laget,lagene,laga eldre=eldres barn=barnet,barna,barnas gå=går,gikk,gått,gjekk få=får,fikk,fått bo=bor,bodde,bodd
trygg=trygt,trygge,trygghet,tryggere,tryggest utrygg=utrygt,utrygge lys=lyset,lysene,lysa mørk=mørkt,mørke
ny=nytt,nye farlig=farlege,farlege,farligere god=godt,gode stor=stort,store liten=lita,lite små=smått
støy=støyen,støyer miljø=miljøet,miljøene tog=toget,togene,toga
"""
"""Short words, which the stemmer leaves as they are: a form, and what it is a form of."""

HEADS = """
vei gate skole sti bane plass park hall senter sentrum bygg hus hjem tjeneste sak plan felt lys belysning skilt
kryss rundkjøring buss båt brygge havn kai strand badeplass basseng løype lekeplass torg bro undergang tunnel
parkering garasje sykkel fortau ferge vann avløp kloakk avfall søppel kasse stasjon gjenvinning brøyting strøing
måking rydding vedlikehold arbeid kontor bibliotek museum korps forening klubb stønad støtte tilskudd midler penger
avgift gebyr skatt bolig leilighet tomt søknad tillatelse godkjenning kontroll tilsyn reglement utvalg styre møte valg
høring vedtak melding rapport register skjema telefon hjelp omsorg lege vakt helse pleie pleier sykepleier lærer elev
foreldre barn ungdom bruker toalett rampe heis benk gapahuk hytte skog elv bekk sjø fjord flom skred vern sikring
sikkerhet måling støy kvalitet miljø klima energi strøm lading lader varme hage fritid idrett kultur mat måltid frokost
gudstjeneste marked handel butikk næring mudring gjerde mur tiltak prosjekt ordning løsning bygging utbygging
medvirkning virksomhet opplæring undervisning time bad holdeplass stoppested rute billett kort grense hump pris
dag uke kveld festival konsert scene verksted leir aktivitet tilbud utstyr bane anlegg ball fotball hund
snø kommune fylke innbygger nabolag grend bygd tettsted
"""
"""What compounds end in, so that «skolevei» is found by «vei» and by «skole»."""

WHOLE = """
barnehage person personer forslag forslaget kultur natur delegat aggregat kollega analyse skandale internett
program syndrom struktur årsak underskudd overskudd innhold forhold hushold opphold vedlikehold hjemmelag
mennesk anlegg pålegg tillegg innlegg vedlegg utslag avslag oppslag tilslag grunnlag nederlag
ansvar tilsvar forsvar samsvar bruk forbruk gjenbruk landbruk avtale tale
alltid samtidig fremtid framtid høytid lagring klage ettersom omsorg totalt digitalt
hundre tusen torsdag mandag tirsdag onsdag fredag lørdag søndag likevel velferd
"""
"""Words that look like compounds of such an end, or are read as one thing: they are not taken apart."""

SMALL = """
a alle alt altså an andre at av bare begge ble blei bli blir blitt bort both by da de dei deim deira deg dem den denne
der dere deres det dette di din disse ditt du dykk dykkar då eg ein eit eitt eller en enn er et ett etter for fordi fra
frå før ha hadde han hans har hennar henne hennes her hjå ho hun hva hvem hver hvis hvor hvordan hvorfor i ikke ikkje
ingen ingi inkje inn inni ja jeg kan kom korleis korso kun kunne kva kvar kvarhelst kven kvi kvifor man mange me med
medan meg meget mellom men mer mi min mine mitt mot mye mykje må måtte nei no noe noen noka noko nokon nokor nokre når
nå ned og også om opp oss over på så sånn samme seg selv si sia sidan siden sin sine sitt sjøl skal skulle slik so som
somme somt til um under upp ut uten vart varte var ved vere verte vi vil ville vore vors vort vår være vært å
the of and to in on at is are was be for with as it this that from or an we you our your there their has have
"""
"""Words that say nothing alone; looked for only when nothing else is asked for, or in quotes."""
