require: city/cityEn.sc
    module = sys.zb-common

theme: /

    state: City
        q!: * $City *
        a: {{$parseTree._City.name}} {{$parseTree._City.country}} {{$parseTree._City.timezone}} {{$parseTree._City.capital}}

    state: None
        event!: noMatch
        a: none
