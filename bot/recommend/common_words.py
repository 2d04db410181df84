"""Words that people write without meaning the artist who is called so, as ``full_key`` spells them.

Written by hand: the commonest English words, what people say about music, and first names.
"""

_GRAMMAR = """
a about above after again against all also always am an and another any anybody anyone anything
are around as at away back be because been before behind being below between both but by can
cannot cant could couldnt did didnt do does doesnt doing dont down each either else enough even
ever every everybody everyone everything few for from get gets getting give go goes going gonna
got had has hasnt have havent having he her here hers him his how i id if ill im in into is isnt
it its ive just know let lets like made make many may maybe me might mine more most much must my
near never no nobody none nor not nothing now of off on once one only or other our ours out over
own per put really same see she should so some somebody someone something still such take than
that thats the their them then there these they thing things this those though through to together
too toward towards under until up upon us very want was wasnt we well were what whatever when
where whether which while who whom whose why will with within without wont would you your yours
"""
_OTHERS = """
able accept accident according account across act action active actor actress actually adam add
address admit adult advice affair afraid afternoon afterwards age ago agree ah ahead aim air alan
alarm album albums alex alexander alice alike alive allison allow almost alone along already
alright alternative although amanda amazing america american among amount amy ancient andrea
andrew andy angel angela angels anger angry animal animals anna anne annie anniversary annual
annuals answer anthony anymore anyway apart apartment apple april area argue arm arms army arrive
art article artist artists ash ashes ask asleep assistant atmosphere attack attempt attention
audience audio august aunt author autumn avoid awake awesome awful baby bad badly bag ball band
bands bang bank bar barely bargain base based basic basically bass bat bath battle battles beach
bean bear beast beat beats beautiful beauty become bed beer begin beginning belief believe bell
belong belt ben bench bend beneath benjamin beside best bet better beyond big bike bill bird birds
birth birthday bit bitter bizarre black blade blame blank blanket blaze bless blind bliss blitz
block blood blow blue blues board boat boats bob body bomb bond bone bones book books boom boot
boots border bored boring boris born boss bother bottle bottom bow bowl box boy boys brad brain
brains branch brand brandon brave bread break breakfast breath breathe brian bridge brief bright
brilliant bring broken brother brothers brown brush bubble buddy build building bunch burn burning
bus bush business busy butter button buy bye cab cage cake call calling came camera camp cancel
candle candy captain car card care careful carl carlos carol caroline carry cars case cash cast
castle cat catch catherine cats cause cd cell center central century certain certainly chain chair
chance change channel chaos chapter character charge charity charles charlie chase chat cheap
check cheer cheers cheese chest chicken chief child children chill choice choose chorus chris
christian christina christine christmas church cinema circle circus city claim claire clara class
classic classical clean clear clearly clever client climb clinic clock close closed clothes cloud
clouds club clue coach coast coat code coffee coffin cold collect college color colour coma come
comes comfort coming comment common company complete computer concert concerts condition confide
confirm connect consider contact contain content continue control cook cool copy corner correct
cost cotton count country couple courage course court cousin cover covers cow crack crash crazy
cream create creation creature credit creep crew crime cross crowd crown cruel cry crystal culture
cup cure curious current curse cursed curve custom cut cute cuts cycle dad daily damage damn
damned dan dance dancing danger dangerous daniel danny dare dark darkness data date daughter dave
david dawn day days dead deal dear death debbie decade december decide deep deer default defeat
delay delays delight demon dennis depends desert deserve design desire desk despite detail devil
diamond diana die difference different difficult dig dinner direct direction dirt dirty disagree
disappear disco discover discovery disease dish disk display distance doctor dog dogs dollar
dolphin donald done door doors double doubt doug downtown dozen drag dragon drama draw drawing
dream dreams dress drink drive driver drop drug drugs drum drummer drums dry duck dude due dull
dumb during dust duty dying ear early earn ears earth earthquake ease easily east easy eat echo ed
eddie edge edit education edward effect effort egg eight electric electronic element elena
elephant eleven elizabeth ella ellen elsewhere embrace emergency emily emma emotion emperor empire
employ empty encounter end ending enemies enemy energy engine english enjoy enter entire entrance
episode equal era eric erik error escape especially essential etc eternal europe eva eve evelyn
evening event eventually everyday everywhere evil exact exactly exam example excellent except
exchange excited exciting excuse exist exit exodus expect expensive experience expert explain
extra extreme eye eyes face fact factor factory fade fail fair fairly faith fake fall fallen
falling false fame familiar families family famous fan fancy fans fantastic far farm fashion fast
fat fate father fault favor favorite favourite fear feature february feed feel feeling feelings
feels feet fell fellow female festival field fields fifth fight fighter figure file fill film
films final finally find finder fine finger finish fire firm first fish fit five fix flag flame
flash flat flesh flight float floor flow flower flowers fluke fly flying focus folk folks follow
food fool foot football force forest forever forget forgot form format former forth fortune
forward found four fourth fox frame frames frank fred free freedom freeway freeze french frequent
fresh friday friend friends friendship front frozen fruit fuck fucking fuel full fully fun funk
funny further future gain gallery game games gang garbage garden gary gas gate gather gave gay
gear general generally generation genius genre genres gentle george german ghost ghosts giant gift
gig gigs girl girlfriend girls given gives glad glass globe glory glove goal goat god gods gold
golden gone good goodbye goose gorgeous gossip gotta grab grace grade gradually grand grass grave
gravity gray great green greg grey ground group groups grow guess guest guide guilty guitar
guitars gun guns guy guys habit hadnt hair half hall hammer hammock hand handle hands hang hannah
happen happened happening happens happiness happy hard hardcore hardly harm harmony harry hat hate
haven hawk head headphones heads health hear heard hearing heart hearts heat heaven heavy heck
height helen hell hello helmet help henry heres hero heroes herself hey hi hide high hill himself
hint hip hire history hit hits hive hm hmm hold hole holiday hollow hollywood holy home honest
honestly honey hood hook hope hopefully hopes hoping horn horrible horror horrors horse hospital
host hot hotel hour hours house houses however hug huge human humans humble humor hundred hunger
hungry hunt hunter hurry hurt hurts husband hybrid hype ian ice icon idea ideas identity ignore
image imagine immediately important impossible include including incredible indeed indie
industrial industry infinite influence information insane inside instead instrument instrumental
intense interest interested interesting internet invisible irene iron isabel island islands issue
itself ivan jack jacket jacob jail jam james jamie jane janet january japan japanese jason jay
jazz jeff jennifer jenny jeremy jerry jesse jessica jet jewel jim jimmy job joe joel john johnny
join joke jon jonathan joseph josh journey joy juan judge juice julia julian julie july jump june
jungle junk justice justin karen kate katie keen keep keeps keith kelly ken kenny kept kevin key
keyboard keys kick kid kids kill killed killer killers killing kills kim kind kinda kinds king
kingdom kings kiss kisses kitchen knee knew knife knight knock knowing known knows lab lack lad
ladies lady laid lake lamb lame lamp land lane language large larry laser last late lately later
latest laugh laura lauren law lay lazy lead leader leaf league lean learn least leather leave
leaves led lee left leg legend legends legs lemon lend length leo leon leonard less lesson letter
level lewis library license lick lie lies life lift light lights liked likes lime limit linda line
lines link lion lips lisa list listen listened listener listening listens literally little live
lived lives living load local lock lodger lol london lone lonely long longer look looking looks
loop loose lord lose loss lost lot lots loud louis love loved lovely lover lovers loves loving low
lowlife lucas luck lucky lucy luke lunatic lunch lush lying lyric lyrics machine mad madness
magazine magic magnum mail main mainly mainstream major maker makes making male mall man manage
manager manga mania manner manual map march marcus maria marie mario mark market maroon married
marry martin mary mask mass massive master match material matrix matt matter matters matthew
mature max maximum meal mean meaning means meant measure meat media medicine medium meet meeting
megan melissa mellow melody member members memories memory men mental mention mentioned menu mess
message met metal metric mice michael michelle middle midnight mighty mike mild mile miles milk
million mind minimum minor minute minutes mirror miss missed missing mission mist mistake mix
mixed mixes mixtape mode model modern mom moment monday money monica monkey monkeys monster
monsters month months mood moon moonlight morning mostly motel mother motion motor mountain mouse
mouth move movement moves movie movies moving mr mrs ms mud murder muscle museum music musical
musician musicians mute mutual myself mysterious mystery myth nah name named names nancy narrow
nathan nation national native natural nature nearby nearly neat necessary neck need needed needs
negative neighbor neil neither nephew nerve nervous net network new newer news next nice nick
nicole night nightmare nights nina nine noise noisy nonsense noon nope normal normally north nose
note notes notice novel november nowadays nowhere numb number numbers nurse object obscure obvious
obviously occasion ocean october odd offer office official often oh oil ok okay old older oliver
olivia ones online onto oops open opener opening opera opinion opinions opposite oral orange orbit
orbital orchestra order ordinary organ original originally oscar others otherwise ought ourselves
outside outta oval overall overrated owner pablo pace pack package page paid pain paint pair
palace pale pamela panda panic paper paradise parallel pardon parents park part particular
particularly party pass passed passenger passion past path patience patricia patrick pattern paul
paula pause pay peace peaches peak pen pencil penguin people pepper perfect perfectly perform
performance perfume perhaps period person personal personally pet peter phase phil philip
philosophy phone photo phrase physical piano pick picked picks picture piece pieces pig pill
pillow pilot pin pink pirate pirates pistol pit pitch place places plain plan plane planet plans
plant plastic plate play played player playing playlist playlists plays please pleasure plenty
plus pocket poem poet poetry point points poison pole police polite pool poor pop popular porn
portal position positive possible possibly post pot potato powder power powerful practice praise
pray prefer prepare present president press pressure pretend pretty prevent price pride priest
primary prime primitive prince princess print prison private prize pro probably problem problems
process produce producer product professional program progress progressive project promise proof
proper properly proud prove proxy psycho public publish pull pulp pulse pumpkin punch punk puppet
pure purple purpose push pussy quality quarter queen queens question questions quick quickly quiet
quit quite quote rabbit race rachel radio rage rain rainbow raise ralph ram random range rank rap
rapper rapture rare rarely rate rather raw ray razor reach react reaction read reader ready real
reality realize rear reason reasons rebecca rebel recall receive recent recently recoil recommend
recommendation recommendations recommended record recorded recording records recover red reflect
refuse refused regard regular relate relation relax relaxed relaxing release released releases
reliable religion remain remember remind reminds remix remove repeat replace reply report request
require rescue respect response rest result return revenge reverse review reward rhythm rice rich
richard rick ride rider right ring riot rise rising risk river road roads rob robert robin robot
rock rocket rocks roger role roll romance romantic ron roof room root roots rope rosa rose roses
rotation rotten rouge rough round route row royal rubber rude ruin rule rules run runner running
runs rush russell rust ruth ryan sacred sad safe safety said sail saint saints sake salad sale
sally salt sam samantha sample samuel sand sandra sandy sara sarah satellite saturday sauce savage
save saw say saying says scale scar scare scared scary scene scenes school science scissors
scooter score scott scratch scream screen script sea seal sean search season seat sebastian second
seconds secret secretly section seed seeds seeing seek seem seemed seems seen self sell senate
send sense sentence separate september serious seriously servant serve service session set sets
setting settle seven several severe sex sexy shadow shadows shake shallow shame shape share shared
shark sharon sharp sheep sheet shelf shell shelter shift shine shins ship ships shirt shit shock
shoe shoes shoot shop shopping short shorts shot shoulder shouldnt shout show shower shows shut
shy sick side sides sigh sight sign signal silence silent silk silly silver similar simon simple
simply since sing singer singers singing single singles sink sir sister sisters sit site situation
six size skin skip skull sky slave sleep slice slide slight slightly slip slow slowly small smart
smash smell smile smoke smooth snake snap snow soap social society sofia soft software soil sold
soldier sole solid solo somehow sometimes somewhat somewhere son song songs sonic soon sophia
sophie sorrow sorry sort sorts soul sound sounded sounding sounds soundtrack soundtracks soup
source south space spare spark sparks speak speaker special specific speech speed spell spend
spent spider spin spirit spiritual split spoke spoon spoons sport spot spread spring square staff
stage stain stand standard star stare stars start started starts starve state states station
status stay steal steam steel stefan step stephanie stephen steps stereo steve steven stick sting
stock stone stones stop store stories storm story straight strange stranger strangers stream
streaming street streets strength stress stretch strike string strings stroke strokes strong
stronger struggle stuart stuck student studio study stuff stupid style styles sub subject sublime
suburban subway sudden suddenly suffer sugar suggest suggested suggestion suggestions suicide suit
suite sum summer sun sunday sundays sunlight sunny sunrise sunset sunshine super supply support
suppose supposed supreme sure surely surf surface surprise surprised surrender susan suspect swan
swans swear sweat sweet swim swing switch sword symbol synth synths system table tag tail taken
takes taking tale talent talk talking tall tank tap tape tara target tarot taste tastes tattoo
taught tax tea teach teacher team tear tears technique technology ted teen teeth telephone
television tell telling temple ten tend tennis tension term terms terrible terrific terror terry
test texas text thank thanks theater theatre theme themselves theo theory therapy therefore theres
theyre thick thief thin think thinking third thirsty thirteen thirty thomas thought thoughts
thousand thread threat three thrill thrills throat throne throughout throw thunder thursday thus
ticket tide tie tiger tight till tim time times tiny tip tired title toast tobacco today todd toe
told tom tommy tomorrow ton tone tongue tonight tons tony took tool tooth top topic torch torture
total totally touch tough tour tourist tours tower town toy toys trace track tracks trade traffic
tragedy trail train trance trap trash travel treasure treat tree trees trial tribal tribe tribute
trick tricky tried tries trip trouble truck true truly trust truth try trying tube tuesday tune
tunes tunnel turn turned turns turtle tv tweet twelve twenty twice twin twins twist two tyler type
types typical typically ugh ugly uh ultimate um umbrella unable uncle underground underrated
understand underwater underwear undone unfortunately union unique unit united universe university
unknown unless unlike unusual upper ups upset urban urge use used useful user users usual usually
vacation vague valley value vampire vanessa various vast vegan vegas veil veils velvet venom verse
version versions via vibe vibes victim victor victoria victory video videos view village vincent
vinyl violence violent violin violins virgin virgins virus visible vision visit vital vocal
vocalist vocals voice voices void volume vote wait waiting wake walk walking wall walter wander
wanna wanted wants war warm warn wash waste watch watching water wave waves way ways weak weapon
wear weather web wednesday week weekend weekends weeks weird welcome wendy went werent west wet
weve whale whats wheel whenever wherever whisper whistle white whoever whole whos wicked wide wife
wild william win wind window wine wing wings winner winter wire wise wish witness wolf wolves
woman women won wonder wonderful wondering wood wooden woods word words work worked working works
world worlds worm worried worry worse worst worth wouldnt wound wow wrap write writer writing
written wrong wrote yard yeah year years yell yellow yep yes yesterday yet yo yoga youd youll
young younger youre yourself youth youve yup zebra zen zero zoe zombie zombies zone zoo
"""

GRAMMAR = frozenset(_GRAMMAR.split())
"""Words that hold sentences together; a name with one of them is easily a piece of a sentence."""

COMMON_WORDS = GRAMMAR | frozenset(_OTHERS.split())
"""All of them."""
