require: floatNumber/floatNumber.sc
    module = sys.zb-common

theme: /

    state: Float
        q!: float $FloatNumber
        a: {{ $parseTree._FloatNumber }}

    state: Math
        q!: [сколько будет] $MathExpression
        a: {{ $parseTree._MathExpression }}

    state: Fraction
        q!: fraction $Fraction
        a: {{ $parseTree._Fraction }}

    state: CatchAll
        q!: *
        a: nothing
