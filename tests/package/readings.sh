# What a master reads of the meters of values.sh and mqtt.sh; to be sourced after steps.sh.
# shellcheck shell=bash
records=(count power mtu load room temperature secret awk script user time)

reading() { # ADDRESS INDEX: function and value of a record
    mbus-slavectl read "tcp:localhost:$port" "$1" 2>&1 | awk -v n="$2" '$1 == n { print $2, $7 }'
}
on_wire() { # RECORD of the meter at 10
    local i
    for i in "${!records[@]}"; do
        [ "${records[i]}" != "$1" ] || reading 10 "$i"
    done
}
shows() { [ "$(on_wire "$1")" = "$2" ]; } # RECORD READING
matches() { [[ $2 =~ $1 ]]; } # PATTERN TEXT
reads() { [ "$(reading "$1" "$2")" = "$3" ]; } # ADDRESS INDEX READING

publish() { mosquitto_pub -t "home/$1" -m "$2"; } # TOPIC PAYLOAD
published() { # TOPIC VALUE ADDRESS INDEX [READING]: what is published is what a master reads there, half a second later
    publish "$1" "$2"
    sleep 0.5
    reads "$3" "$4" "instantaneous ${5:-$2}"
}
