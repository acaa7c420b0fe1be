theme: /
    state: A
        Weather:
            city = Berlin
        Forecast:
        Own:
        Unknown:
theme: /Blocks
    state: Own
        a: {{$request.data.args.city}}
