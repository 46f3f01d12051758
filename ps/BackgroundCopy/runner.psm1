Set-StrictMode -Version Latest

# What runner.ps1 does: one request to one service, and one line of JSON in ASCII as the answer, which fits the output that the tool keeps.

Import-Module -Name ("$PSScriptRoot/loop.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-JsonText, Get-ModuleVersion
Import-Module -Name ("$PSScriptRoot/values.psm1" -replace '[][*?`]', '`$0') -Function ConvertTo-EnumerationName, ConvertFrom-EnumerationName
Import-Module -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Open-TransferService, Close-TransferService
Import-Module -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function Get-TransferJobId, Read-TransferJob, Invoke-JobVerb

# The version of the answer.
$script:format = 1
# By tool: the number of characters that it keeps of an output. Configuration Manager stores the output as a JSON string, in which quotation
# marks and backslashes count twice.
$script:tools = @{
    'configuration-manager' = @{ Limit = 4096; Quotes = $true }
    'intune'                = @{ Limit = 2048; Quotes = $false }
    'ansible'               = @{ Limit = [int]::MaxValue; Quotes = $false }
}
$script:services = 'bits', 'delivery-optimization'
$script:verbs = @{ suspend = 'Suspend'; resume = 'Resume'; complete = 'Complete'; cancel = 'Cancel' }
# The longest name in an answer with a limit.
$script:longestName = 40
# For Delivery Optimization and for BITS.
$script:notFound = 0x80D02003, 0x80200001
# BG_JOB_STATE_ERROR, BG_JOB_STATE_TRANSIENT_ERROR
$script:failedStates = 4, 5
# BG_JOB_STATE_ACKNOWLEDGED, BG_JOB_STATE_CANCELLED: not every service removes such a job from its list immediately.
$script:finalStates = 7, 8
# The default language of Windows for the service's own texts, which the answer does not contain.
$script:languageId = 0

function ConvertTo-Hex($Code) { '0x{0:X8}' -f ([long]$Code -band 0xFFFFFFFFL) }

# The parts of a list that is given as one text, which every tool can pass.
function Split-List([string]$Text) { $Text -split '[\s,;]+' | Where-Object { $_ } }

# The name of the first parameter with a value that is not valid.
function Find-BadParameter([hashtable]$Request) {
    if (-not $script:tools.ContainsKey($Request.Tool)) { return 'Tool' }
    if ($script:services -cnotcontains $Request.Service) { return 'Service' }
    if ($Request.Action -cne 'list' -and $script:verbs.Keys -cnotcontains $Request.Action) { return 'Action' }
    foreach ($state in Split-List $Request.State) {
        if ($null -eq (ConvertFrom-EnumerationName 'state' $state)) { return 'State' }
    }
    foreach ($name in 'DisplayName', 'Owner') {
        try { $null = '' -like $Request[$name] } catch { return $name }
    }
    $guid = [guid]::Empty
    $ids = @(Split-List $Request.JobId)
    foreach ($id in $ids) { if (-not [guid]::TryParseExact($id, 'D', [ref]$guid)) { return 'JobId' } }
    # A list has a filter, and every other action has IDs: nothing is changed by a filter.
    if (($Request.Action -ceq 'list') -ne ($ids.Count -eq 0)) { return 'JobId' }
}

# The name of a job as far as it fits, without half a character at its end.
function Limit-Name([string]$Name, [int]$Length) {
    if ($Name.Length -le $Length) { return $Name }
    if ([char]::IsHighSurrogate($Name[$Length - 1])) { $Length-- }
    $Name.Substring(0, $Length)
}

# A text that a condition can be compared with; $null if the service did not return it.
function Test-Condition($Text, [string]$Pattern) { $Pattern -eq '' -or ($null -ne $Text -and $Text -like $Pattern) }

# One job of a list. Rank orders the jobs: those that need somebody come first.
function ConvertTo-ListedJob([string]$JobId, [hashtable]$Job, $Limited) {
    $times = $Job['times']
    $created = if ($null -ne $times -and $times.creation -gt 0) { [datetime]::FromFileTimeUtc([long]$times.creation).ToString('yyyy-MM-ddTHH:mm:ssZ') } else { $null }
    $name = $Job['displayName']
    $shown = if ($Limited -and $null -ne $name) { Limit-Name $name $script:longestName } else { $name }
    $failed = $null -ne $Job['error']
    @{
        Rank  = if ($Job.state -eq 4) { 0 } elseif ($Job.state -eq 5) { 1 } else { 2 }
        Group = [string]$Job.state
        Value = [ordered]@{
            jobId   = $JobId
            state   = $Job.state
            error   = if ($failed) { ConvertTo-Hex $Job.error.hresult } else { $null }
            context = if ($failed) { $Job.error.context } else { $null }
            owner   = $Job['owner']
            created = $created
            name    = $shown
            cut     = if ($shown -cne $name) { $true } else { $null }
        }
    }
}

function ConvertTo-RefusedJob([string]$JobId, [hashtable]$Answer) {
    @{
        Rank  = 0
        Group = 'refused'
        Value = [ordered]@{ jobId = $JobId; hex = ConvertTo-Hex $Answer.Code; method = $Answer.Method; calledMethod = $Answer['CalledMethod'] }
    }
}

# The jobs of all users that meet the conditions. A refusal of the list itself is the answer's error.
function Read-JobList($Service, [hashtable]$Request, [bool]$Limited) {
    $result = @{ Error = $null; Jobs = [Collections.Generic.List[object]]::new() }
    # Delivery Optimization has only a list of the caller's jobs.
    $listed = Get-TransferJobId $Service ($Request.Service -ceq 'bits') 0 ([int]::MaxValue)
    if ($null -eq $listed.JobIds) {
        $result.Error = [ordered]@{ hex = ConvertTo-Hex $listed.Code; method = $listed.Method; calledMethod = $listed['CalledMethod'] }
        return $result
    }
    $states = @(Split-List $Request.State)
    foreach ($jobId in $listed.JobIds) {
        $answer = ${function:Read-TransferJob}.InvokeReturnAsIs($Service, $jobId, 'summary', $script:languageId)
        # A job that no longer exists since it was listed is not an error.
        if ($answer.Code -in $script:notFound) { continue }
        if ($answer.Code -lt 0 -or $null -eq $answer.Job) {
            $result.Jobs.Add((ConvertTo-RefusedJob $jobId $answer))
            continue
        }
        $job = $answer.Job
        if ($job.state -in $script:finalStates) { continue }
        if ($states.Count -gt 0 -and $states -notcontains (ConvertTo-EnumerationName 'state' $job.state)) { continue }
        if (-not (Test-Condition $job['displayName'] $Request.DisplayName) -or -not (Test-Condition $job['owner'] $Request.Owner)) { continue }
        $result.Jobs.Add((ConvertTo-ListedJob $jobId $job $Limited))
    }
    $result
}

# Calls the method for each job. A failure for one job does not affect the others.
function Invoke-JobList($Service, [hashtable]$Request) {
    $verb = $script:verbs[$Request.Action]
    $result = @{ Error = $null; Jobs = [Collections.Generic.List[object]]::new() }
    foreach ($jobId in Split-List $Request.JobId.ToLowerInvariant() | Select-Object -Unique) {
        $answer = ${function:Invoke-JobVerb}.InvokeReturnAsIs($Service, $jobId, $verb, $script:languageId)
        $hex = ConvertTo-Hex $answer.Code
        $result.Jobs.Add(@{
                Rank  = if ($answer.Code -lt 0) { 0 } elseif ($answer.Code -gt 0) { 1 } else { 2 }
                Group = $hex
                Value = [ordered]@{
                    jobId        = $jobId
                    hex          = $hex
                    # The method of the action is not repeated for each job.
                    method       = if ($answer.Method -cne "IBackgroundCopyJob::$verb") { $answer.Method } else { $null }
                    calledMethod = $answer.CalledMethod
                    before       = $answer.StateBefore
                    after        = $answer.StateAfter
                }
            })
    }
    $result
}

# What runs here: the account decides which jobs can be changed.
function Get-RunnerDescription {
    $remote = [ordered]@{
        windows    = $null
        powershell = "$($PSVersionTable.PSVersion)"
        edition    = "$($PSVersionTable.PSEdition)"
        bits       = 8 * [IntPtr]::Size
        user       = $null
        elevated   = $null
    }
    if ([Environment]::OSVersion.Platform -eq [PlatformID]::Win32NT) {
        $remote.windows = "$([Environment]::OSVersion.Version)"
        $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
        $remote.user = if ($identity.IsSystem) { 'system' } else { 'user' }
        $remote.elevated = [Security.Principal.WindowsPrincipal]::new($identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
        $identity.Dispose()
    }
    $remote
}

# The length of a text in the output that the tool keeps.
function Measure-Output([string]$Text, [bool]$Quotes) {
    if ($Quotes) { $Text.Length + [regex]::Matches($Text, '["\\]').Count } else { $Text.Length }
}

# The answer as one line: as many jobs as fit, in the order of their ranks. The counts are always those of all jobs.
function ConvertTo-AnswerLine([Collections.IDictionary]$Answer, $Jobs, [hashtable]$Tool) {
    $counts = [ordered]@{}
    foreach ($job in $Jobs) { $counts[$job.Group] = 1 + $(if ($counts.Contains($job.Group)) { $counts[$job.Group] } else { 0 }) }
    $Answer.total = $Jobs.Count
    $Answer.counts = $counts
    # As long as it can become.
    $Answer.omitted = $Jobs.Count
    $Answer.jobs = [Collections.Generic.List[object]]::new()
    # The end of the line and the quotation marks around it.
    $room = $Tool.Limit - 4 - (Measure-Output (ConvertTo-JsonText $Answer) $Tool.Quotes)
    foreach ($rank in 0, 1, 2) {
        foreach ($job in $Jobs) {
            if ($job.Rank -ne $rank) { continue }
            $room -= 1 + (Measure-Output (ConvertTo-JsonText $job.Value) $Tool.Quotes)
            if ($room -lt 0) { break }
            $Answer.jobs.Add($job.Value)
        }
    }
    $Answer.omitted = $Jobs.Count - $Answer.jobs.Count
    ConvertTo-JsonText $Answer
}

# Carries out a request: Line is the answer, and ExitCode is 0 if nobody is needed, 1 if the service refused a job or if a list for Intune,
# which then runs the second script of a pair, has a job, and 3 if the service can't be used.
function Invoke-RunnerRequest([hashtable]$Request) {
    $answer = [ordered]@{ backgroundCopy = $script:format; version = Get-ModuleVersion; action = $Request.Action; service = $Request.Service }
    $jobs = [Collections.Generic.List[object]]::new()
    $failure = $null
    $bad = Find-BadParameter $Request
    $tool = if ($bad -eq 'Tool') { $script:tools['intune'] } else { $script:tools[$Request.Tool] }
    if ($null -ne $bad) {
        # The value might be longer than the output.
        $answer.Remove('action')
        $answer.Remove('service')
        $failure = [ordered]@{ code = 'PROTOCOL'; detail = $bad }
    }
    else {
        $answer.remote = Get-RunnerDescription
        $opened = Open-TransferService $Request.Service
        if ($opened.Obstacle) { $failure = [ordered]@{ code = $opened.Obstacle; detail = Limit-Name $opened.Detail 200 } }
        elseif ($null -eq $opened.Service) {
            $failure = [ordered]@{ code = 'SERVICE_UNAVAILABLE'; hex = ConvertTo-Hex $opened.Code; method = $opened.Method }
        }
        else {
            try {
                $result = if ($Request.Action -ceq 'list') { Read-JobList $opened.Service $Request ($tool.Limit -ne [int]::MaxValue) } else { Invoke-JobList $opened.Service $Request }
                $failure = $result.Error
                $jobs = $result.Jobs
            }
            finally { Close-TransferService $opened.Service }
        }
    }
    if ($null -ne $failure) { $answer.error = $failure }
    $needed = if ($Request.Action -ceq 'list') { $Request.Tool -ceq 'intune' -and $jobs.Count -gt 0 } else { @($jobs | Where-Object { $_.Rank -eq 0 }).Count -gt 0 }
    @{
        Line     = ConvertTo-AnswerLine $answer $jobs $tool
        ExitCode = if ($null -ne $failure) { 3 } elseif ($needed) { 1 } else { 0 }
    }
}

Export-ModuleMember -Function Invoke-RunnerRequest
