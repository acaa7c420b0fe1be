require: color/colorEn.sc
    module = sys.zb-common

theme: /

    state: Color
        q!: * $Color *
        a: {{$parseTree._Color.name}} {{$parseTree._Color.hex}}
