# What English speakers often say: script-api 4.3. The twins of patterns.sc.

require: text/text.sc
require: phoneNumber/phoneNumber.sc

patterns:
    # ---- yes and no ----
    $yes = [oh|well] (yes|yeah|yep|yup|ya|aye|ok|okay|okey|alright|all right|fine|right|uh-huh|sure|affirmative|y) [yes|sure|thanks|thank you]
    $agreeStrong = (of course|certainly|definitely|absolutely|exactly|indeed|totally|surely|by all means|with pleasure|gladly|for sure|no doubt|without doubt|i agree|we agree|agreed|i confirm|confirmed|you are right|you 're right|you're right|that is right|that 's right|that's right|that is correct|that 's correct|that's correct|correct|i would love to|i 'd love to|i'd love to|sounds good|sounds great|why not|go ahead|i do)
    $agreeWeak = (let us|let 's|let's|maybe yes|i think so|i guess so|i suppose so|i want|i will|i 'll|ready|i am ready|i 'm ready|i'm ready|do it|come on|true|makes sense|it happens|may be) [$pls]
    $agree = ($repeat<$yes>|{$yes $agreeWeak}|$agreeWeak|* $agreeStrong *|$yes $pls|$yes * $agreeStrong *|$try)

    $no = [oh|well] (no|nope|nah|nay|no way|negative|n) [no] [thanks|thank you]
    $disagreeStrong = (never|not at all|by no means|i disagree|disagree|i refuse|i do not want|i don't want|i do n't want|i do not need|i don't need|i do n't need|i do not like|i don't like|not interested|not true|that is wrong|that 's wrong|that's wrong|wrong|incorrect|not correct|not right|i can not|i cannot|i can't|i ca n't|i won't|i wo n't|i will not|forget it|cancel|of course not|certainly not|definitely not|absolutely not|no chance|against)
    $disagreeWeak = (not|not really|i do not think so|i don't think so|i do n't think so|probably not|rather not|better not|i guess not|nothing|hardly)
    $disagree = (* $disagreeStrong *|$disagreeWeak|$repeat<$no>|$no $pls)

    $maybe = (maybe|perhaps|possibly|probably|might be|could be|it depends|we will see|we 'll see|we'll see)
    $dontKnow = [i|we] (do not know|don't know|do n't know|dunno|have no idea|no idea|am not sure|'m not sure|not sure|do not remember|don't remember|do n't remember|hard to say|who knows)
    $sure = (sure|certain|positive|definitely|absolutely|hundred percent|for certain)
    $try = [let us|let 's|let's|i will|i want to] try [it|this] [again|once more]
    $cannot = (can not|cannot|can't|ca n't|could not|couldn't|could n't|unable to|impossible|not able to|not possible)
    $notTrue = (not true|untrue|false|that is a lie|that 's a lie|you lie|you are lying|nonsense)
    $noMatter = (no matter|does not matter|doesn't matter|does n't matter|never mind|whatever|i do not care|i don't care|i do n't care|who cares)

    # ---- greetings and manners ----
    $goodTime = good (morning|day|afternoon|evening)
    $hello = [oh|well] (hello|hi|hey|hiya|howdy|greetings|welcome|$goodTime|hallo|yo|what 's up|what's up|hello there|hi there|hey there) [again|everyone|all]
    $bye = [ok|okay|well] (bye|bye bye|bye-bye|goodbye|good bye|farewell|see (you|ya) [later|soon|tomorrow]|so long|take care|have a (good|nice) (day|evening|one)|until next time|i have to go|i gotta go|later|cheerio)
    $goodNight = (good night|night night|nighty night|sweet dreams|sleep well|sleep tight)
    $howAreYou = (how are (you|things) [doing|today]|how do you do|how is it going|how 's it going|how's it going|what is up|how have you been)
    $whatsUp = (what is up|what 's up|what's up|what is new|what 's new|what's new|sup)
    $thanks = (thanks|thank you|thankyou|thx|ty|many thanks|cheers|much obliged|i appreciate it) [a lot|very much|so much|for your help]
    $youAreWelcome = (you are welcome|you 're welcome|you're welcome|no problem|not at all|my pleasure|do not mention it|don't mention it)
    $sorry = (sorry|i am sorry|i 'm sorry|i'm sorry|excuse me|pardon [me]|forgive me|i apologize|my apologies|my bad)
    $pls = (please|pls|plz|kindly|if you please|if you do not mind|if you don't mind|would you mind)
    $question = (question|questions|ask|asking|wonder|wondering|inquiry|query)
    $andYou = [and] (you|yours|yourself|how about you|what about you)
    $compliment = [$you] [are|'re] [so|very|really|such] [a|an|the] (smart|clever|great|cool|awesome|wonderful|nice|lovely|beautiful|pretty|amazing|brilliant|best|good|sweet|cute|genius|perfect|excellent)

    # ---- who ----
    $you = (you|ya|yourself|u|you're)
    $your = (your|yours|ur)
    $me = (i|me|myself|we|us|i'm)
    $my = (my|mine|our|ours)
    $me2you = (i [to] you|me [to] you|us [to] you)
    $bot = (bot|bots|chatbot|chat bot|chat-bot|robot|robots|machine|computer|assistant|virtual (assistant|agent)|artificial intelligence|ai|program)
    $man = (man|men|male|boy|boys|guy|guys|gentleman|gentlemen)
    $woman = (woman|women|female|girl|girls|lady|ladies)
    $gender = ($man:0|$woman:1) || converter = $converters.numberConverterValue
    $person = ($man|$woman|person|people|human|humans|somebody|someone)
    $mother = (mother|mothers|mom|mommy|mum|mummy|mama)
    $father = (father|fathers|dad|daddy|papa)
    $sister = (sister|sisters|sis)
    $brother = (brother|brothers|bro)
    $husband = (husband|husbands|spouse|hubby)
    $wife = (wife|wives|spouse)
    $child = (child|children|kid|kids|son|sons|daughter|daughters|baby|babies)
    $friend = (friend|friends|buddy|buddies|pal|pals|mate|mates|girlfriend|boyfriend)
    $relatives = ($mother|$father|$sister|$brother|$husband|$wife|$child|relative|relatives|family|parent|parents|grandma|grandmother|grandpa|grandfather|aunt|uncle)

    # ---- questions and requests ----
    $what = (what|which|what 's|what's|wat)
    $whatIs = (what is|what are|what 's|what's|who is|who 's|who's|define|explain|what does it mean)
    $how = (how|in what way|how exactly)
    $why = (why|what for|how come|for what reason|what is the reason)
    $need = [$me] (need|needs|require|want|wanna|would like|'d like|i'd like|am looking for|'m looking for|look for|wish)
    $want = (want|wants|wanna|would like|'d like|i'd like|wish)
    $tellMe = [can|could] [$you] [$pls] (tell|say|explain|describe|inform|let me know|answer|show) [to] [$me] [about]
    $can = (can|could|able to|may)
    $give = (give|gimme|pass|hand|bring|provide)
    $helpYou = (help [$me]|assist [$me]|i need help|can you help|could you help|give me a hand)
    $understand = (understand|understood|get it|got it|see)
    $think = (think|thinks|thought|believe|suppose|guess)
    $work = (work|works|working|job|jobs|office|career)
    $turnOn = (turn on|switch on|turn * on|enable|activate|start|launch|play)
    $turnOff = (turn off|switch off|turn * off|disable|deactivate|mute|shut down)
    $continue = (continue|go on|next|further|more|carry on|keep going|proceed|let us continue|let's continue|again)
    $repetition = (repeat|again|once more|one more time|say [it|that] again|come again|what did you say)
    $notNow = (not now|later|another time|some other time|not today|i am busy|i 'm busy|i'm busy|no time|maybe later|in a while)
    $now = (now|right now|immediately|at once|urgently|asap|already)
    $changeTheme = (change the (subject|topic|theme)|another (subject|topic)|let us talk about something else|let's talk about something else|something else|enough about (it|this|that))
    $shutUp = (shut up|be quiet|quiet|silence|stop talking|hush|keep silent|shush)
    $getLost = (get lost|go away|leave me alone|get out|piss off)
    $comeOn = (come on|let us go|let's go|hurry up|go for it)
    $stop = (stop|halt|enough|finish|quit|exit|cease|end)
    $stopGameStrong = (stop [the|this] (game|playing)|end [the|this] game|quit [the|this] game|exit [the|this] game|finish [the|this] game|leave [the|this] game|game over|i do not want to play|i don't want to play|i do n't want to play|tired of [the|this] game)
    $stopGameWeak = (stop|quit|exit|enough|finish|end|i give up|give up|i am tired|i 'm tired|i'm tired|boring|cancel)
    $stopGame = (* $stopGameStrong *|$stopGameWeak)
    $any = (any|some|anything|something|whatever)
    $smth = (something|anything|some thing|smth|sth)

    # ---- a person instead of the bot ----
    $serviceHelperHuman = (operator|operators|agent|agents|live agent|human|humans|human (agent|being|operator)|real (person|human|agent)|live (person|human|operator)|manager|consultant|representative|specialist|customer (service|support|care)|support (team|agent|staff)|somebody real|someone real|staff member|advisor|adviser)
    $notARobot = (not (a|with a|to a) (bot|robot|machine|chatbot|computer)|no (bots|robots)|(do not|don't|do n't) want to (talk|speak|chat) (to|with) (a|the) (bot|robot|machine|chatbot)|you are not (a human|human|a person)|hate (bots|robots))
    $switchToOperator = (* (switch|connect|transfer|call|get|give|bring|need|talk|speak|chat|contact|reach|invite|redirect|forward) * $serviceHelperHuman *|* (want|wanna|would like|prefer) [a|an|the] $serviceHelperHuman *|* (talk|speak|chat) (to|with) (a|some|the) (person|somebody|someone) *|[$hello] [$pls] $serviceHelperHuman [$pls]|* $notARobot *)

    # ---- opinions ----
    $good = [very|quite|pretty|so] (good|well|fine|great|nice|excellent|wonderful|perfect|awesome|cool|lovely|amazing|not bad)
    $bad = [very|quite|pretty|so] (bad|badly|terrible|awful|horrible|poor|sad|disgusting|not good|not so good|could be better|nasty|lousy)
    $normal = (normal|okay|so so|so-so|not bad|all right|alright|as usual|fine)
    $super = (super|great|excellent|awesome|amazing|brilliant|fantastic|cool|wow|hooray|perfect|wonderful)
    $perfect = (perfect|perfectly|ideal|flawless|excellent)
    $clever = (clever|smart|intelligent|wise|bright|brilliant|genius)
    $stupid = (stupid|dumb|silly|fool|foolish|idiot|idiotic|moron|dull|brainless)
    $funny = (funny|hilarious|fun|amusing|ridiculous|lol)
    $pretty = (pretty|beautiful|handsome|gorgeous|attractive|cute|good-looking)
    $ugly = (ugly|unattractive|hideous)
    $sad = (sad|unhappy|upset|depressed|lonely|down|blue)
    $big = (big|large|huge|great|enormous|giant)
    $fast = (fast|quick|quickly|rapid|rapidly|speedy)
    $like = (like|likes|love|loves|enjoy|enjoys|adore|fond of)
    $love = (love|loves|loved|adore|in love)
    $hate = (hate|hates|detest|can not stand|can't stand|do not like|don't like|do n't like|dislike)
    $dislike = (dislike|do not like|don't like|do n't like|hate|can not stand|can't stand)
    $doYouLike = do you (like|love|enjoy)
    $clear = (clear|i see|got it|understood|i understand|makes sense|i got it|roger)

    # ---- things ----
    $money = (money|cash|dollar|dollars|euro|euros|pound|pounds|buck|bucks|cent|cents|funds|finance|finances)
    $food = (food|foods|meal|meals|breakfast|lunch|dinner|supper|snack|snacks|eat|bread|soup|pizza|salad|meat)
    $drink = (drink|drinks|beverage|beverages|water|juice|lemonade|$coffee|$tea)
    $coffee = (coffee|cappuccino|latte|espresso|americano)
    $tea = (tea|teas)
    $problem = (problem|problems|issue|issues|trouble|troubles|error|errors)
    $sport = (sport|sports|football|soccer|basketball|tennis|hockey|running|swimming|fitness)
    $anyColor = (red|blue|green|yellow|black|white|orange|purple|violet|grey|gray|pink|brown)

    # ---- everything else ----
    $one = (1|one|first)
    $two = (2|two|second)
    $three = (3|three|third)
    $four = (4|four|fourth)
    $five = (5|five|fifth)
    $six = (6|six|sixth)
    $seven = (7|seven|seventh)
    $AnyWord = (a*|b*|c*|d*|e*|f*|g*|h*|i*|j*|k*|l*|m*|n*|o*|p*|q*|r*|s*|t*|u*|v*|w*|x*|y*|z*)
    $catchAll = *
    $email = $regexp_i<[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+> || converter = $converters.textConverter
    $obsceneWord = (fuck*|motherfuck*|shit*|bullshit|bitch*|asshole*|bastard*|cunt*|dickhead*|whore*|slut*|wank*|prick|damn it)
