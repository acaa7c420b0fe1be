require: where/whereEn.sc
    module = sys.zb-common

theme: /

    state: Capital
        q!: capital $Capital
        a: {{$parseTree._Capital.name}}: {{$parseTree._Capital.country}}, {{$parseTree._Capital.continent}}

    state: Country
        q!: country [the] $Country
        a: {{$parseTree._Country.name}}: {{$parseTree._Country.currency}}, {{$parseTree._Country.capital}}

    state: Where
        q!: where is $Where
        a: {{$parseTree._Where.name}}
