require: reset/reset.sc
    module = sys.zb-common

theme: /

    state: Begin
        q!: $regexp</start>
        a: welcome

    state: Name
        q!: I am $regexp<\w+>
        script:
            $session.name = $client.name = $request.query.slice(5);

    state: Who
        q!: who am I
        a: {{ ($session.name || "nobody") + " " + ($client.name || "nobody") }}
