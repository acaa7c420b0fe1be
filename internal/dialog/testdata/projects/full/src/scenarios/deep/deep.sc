theme: /Deep
    state: X
        a: {{ $Names["1"].value.name }}
