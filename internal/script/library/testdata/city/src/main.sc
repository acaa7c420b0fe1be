require: city/city.sc
    module = sys.zb-common

theme: /

    state: City
        q!: * $City *
        a: {{$parseTree._City.name}} {{$parseTree._City.country}} {{$parseTree._City.timezone}} {{$parseTree._City.capital}} {{$parseTree._City.continent}}

    state: Route
        q!: * из $City::From * в $City::To *
        a: {{$parseTree._From.name}} - {{$parseTree._To.name}}

    state: Row
        q!: строка
        a: {{Object.keys($Cities).length > 1100}} {{$Cities[1].value.population > 0}} {{$Cities[1].alternameNames.length > 0}}

    state: None
        event!: noMatch
        a: нет
