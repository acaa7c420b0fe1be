require: where/where.sc
    module = sys.zb-common

theme: /

    state: Capital
        q!: столица $Capital
        script: $temp.place = $parseTree._Capital;
        a: {{$temp.place.name}}: {{$temp.place.country}}, {{$temp.place.genCountry}}, {{$temp.place.continent}}, {{$temp.place.complexity}}

    state: Country
        q!: страна $Country
        script: $temp.place = $parseTree._Country;
        a: {{$temp.place.name}}: {{$temp.place.genName}}, {{$temp.place.currency}}, {{$temp.place.capital}}

    state: Country2City
        q!: главный город $Country2City
        a: {{$parseTree._Country2City.name}} {{$parseTree._Country2City.country}}

    state: Region
        q!: * регион $Region *
        script: $temp.place = $parseTree._Region;
        a: {{$temp.place.genName}}, {{$temp.place.datName}}, {{$temp.place.accName}}, {{$temp.place.insName}}, {{$temp.place.locName}}, {{$temp.place.capital}}

    state: Where
        q!: где $Where
        a: {{$parseTree._Where.name}}

    state: Complete
        q!: проверка
        script:
            // every country has a capital, and every capital is a city
            var cities = {};
            Object.keys($Cities).forEach(function (id) { cities[$Cities[id].value.name] = true; });
            $temp.rows = Object.keys($Geography).map(function (id) { return $Geography[id].value; });
            $temp.lost = $temp.rows.filter(function (row) { return !cities[row.name]; }).map(function (row) { return row.name; });
            $temp.same = Object.keys($Countries).every(function (id) { return $Countries[id].value.capital === $Geography[id].value.name; });
        a: {{$temp.rows.length}} {{$temp.lost.length}} {{$temp.same}}
