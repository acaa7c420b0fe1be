theme: /

    state: Where
        q!: * where is $city *
        script: remember("city", $parseTree._city.name);
        a: {{ $session.city }} is in {{ $parseTree._city.country }}.
