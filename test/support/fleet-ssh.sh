# Stands for ssh and for a host with one job: fleet-ssh.js puts `folder` and `version` before it. It costs a tenth of fake-ssh.mjs, so that
# ten thousand hosts can be reached. What a host did lives on in files. The first line of the file `kill` is an event and a count: the
# process that started ssh is killed when that event happens for that time.

while [ "$1" != -- ]; do shift; done
host=$2
job=00000000-0000-4000-8000-0000000${host#pc-}
read -r kill count <"$folder/kill"

event() {
    [ "$kill" = "$1" ] || return 0
    printf x >>"$folder/events.$PPID"
    read -r seen <"$folder/events.$PPID" || :
    [ "${#seen}" -ge "$count" ] || return 0
    kill -9 "$PPID"
    exit
}

say() {
    printf '%s{"jsonrpc":"2.0",%s}\n' "$marker" "$1"
}

open_manager='"hresult":0,"method":"CoCreateInstance","interface":"IBackgroundCopyManager"'
no_job='"hresult":2149580801,"method":"IBackgroundCopyManager::GetJob"'
owner='"owner":"S-1-5-21-1-2-3-1001","ownerIntegrityLevel":12288'

answer() {
    case $1 in
    *'"host.identify"'*)
        result='"system":"Microsoft Windows NT 10.0.19045.0","languageMode":"FullLanguage"'
        ;;
    *'"service.open"'*)
        result=$open_manager
        ;;
    *'"job.list"'*)
        jobs='"'$job'"'
        [ ! -e "$folder/canceled/$host" ] || jobs=
        result='"hresult":0,"method":"EnumJobs","page":0,"more":false,"jobIds":['$jobs']'
        ;;
    *'"job.describe"'*)
        event describe
        found='"hresult":0,"method":"IBackgroundCopyJob::GetState","job":{"state":6,"displayName":"nightly",'$owner'}'
        [ ! -e "$folder/canceled/$host" ] || found=$no_job
        result='"items":[{"jobId":"'$job'",'$found'}]'
        ;;
    *'"job.cancel"'*"$job"*)
        # Before its effect, and so that a second attempt is seen.
        echo "cancel $host $job" >>"$folder/requests"
        event cancel
        if { true >"$folder/canceled/$host"; } 2>/dev/null; then
            echo "cancel $host $job" >>"$folder/effects"
            event canceled
            done='"hresult":0,"method":"IBackgroundCopyJob::Cancel","stateBefore":6,"stateAfter":8'
        else
            done=$no_job
        fi
        result='"items":[{"jobId":"'$job'",'$done'}]'
        ;;
    esac
}

event open
IFS= read -r line
parts=${line#*"m = '"}
marker=${parts%%"'"*}
parts=${parts#*"' + '"}
marker=$marker${parts%%"'"*}
# The text of the module.
read -r _ length _
head -c "$length" >/dev/null
say '"method":"host.ready","params":{"version":"'"$version"'","powershell":"5.1.19041.1","edition":"Desktop"}'

# A file that exists is never written over: whoever creates it cancels the job.
set -C
while IFS= read -r line; do
    id=${line#*'"id":'}
    answer "$line"
    say '"id":'"${id%%,*}"',"result":{'"$result"'}'
done
