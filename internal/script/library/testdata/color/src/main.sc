require: color/color.sc
    module = sys.zb-common

theme: /

    state: Color
        q!: * $Color *
        script: $temp.c = $parseTree._Color;
        a: {{$temp.c.name}} {{$temp.c.hex}} {{$temp.c.red}} {{$temp.c.green}} {{$temp.c.blue}}
