require: number/number.sc
    module = sys.zb-common

theme: /

    state: Number
        q!: $Number
        a: {{ $parseTree._Number }}

    state: Two
        q!: from $Number::first to $Number::second
        a: {{ $parseTree._first }} - {{ $parseTree._second }}

    state: Row
        q!: row * $Number * $Number
        a: {{ $parseTree.Number.map(function (n) { return n.value; }).join(", ") }}

    state: Kinds
        q!: digit $NumberDigit
        q!: unit $NumberOneDigit
        q!: teen $NumberTwoDigit
        q!: dozen $NumberDozen
        q!: hundred of $NumberHundred
        q!: simple $NumberSimple
        q!: thousands $NumberThousands
        q!: millions $NumberMillions
        q!: billions $NumberBillions
        a: {{ $converters.propagateConverter(_.omit($parseTree, "value")) + 1 }}

    state: CatchAll
        q!: *
        a: no number
