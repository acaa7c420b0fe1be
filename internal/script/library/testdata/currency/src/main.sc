require: currency/currency.sc
    module = sys.zb-common

theme: /

    state: Currency
        q!: * $Currency *
        script: $temp.c = $parseTree._Currency;
        a: {{$temp.c.abbreviation}} {{$temp.c.name}} {{$temp.c.symbol}} {{$temp.c.coin}} {{$temp.c.coinPart}} {{$temp.c.possibleAmbiguity}}

    state: Ambiguous
        q!: почём $ambiguousCurrency
        a: {{$parseTree._ambiguousCurrency.name}}: {{$parseTree._ambiguousCurrency.mostLikely}}

    state: Rows
        q!: строки
        a: {{$Currencies[2].value.abbreviation}} {{$Currencies[27].value.abbreviation}}
