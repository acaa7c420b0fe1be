require: patternsEn.sc
    module = sys.zb-common

theme: /

    state: Kind
        q!: $hello:hello
        q!: $bye:bye
        q!: $goodNight:goodNight
        q!: $thanks:thanks
        q!: $agree:agree
        q!: $disagree:disagree
        q!: $maybe:maybe
        q!: $dontKnow:dontKnow
        q!: $switchToOperator:switchToOperator
        q!: $continue:continue
        q!: $stopGame:stopGame
        q!: $compliment:compliment
        q!: * $stupid *:stupid
        q!: * $obsceneWord *:obsceneWord
        q!: $notNow:notNow
        q!: $andYou:andYou
        q!: $why:why
        q!: $changeTheme:changeTheme
        q!: $shutUp:shutUp
        q!: $clear:clear
        q!: * $email *:email
        a: {{ $parseTree.value }}

    state: Yes
        q!: check $yes
        q!: inside * $yes *
        a: yes

    state: No
        q!: deny $no
        a: no

    state: Gender
        q!: gender $gender
        a: {{ $parseTree._gender + 10 }}

    state: Words
        q!: count ($one:1|$two:2|$three:3|$four:4|$five:5|$six:6|$seven:7)
        q!: word $AnyWord:word
        q!: * $need * $money *:money
        q!: * $tellMe * $bot *:bot
        q!: my * $my $friend:friend
        a: {{ $parseTree.value }}

    state: CatchAll
        q!: $catchAll
        a: other
