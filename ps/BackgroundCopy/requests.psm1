Set-StrictMode -Version Latest

# The protocol methods for jobs: they take the open service and parameters, and return the result, a hashtable with the names of the wire.
# Values that are $null are omitted. Parameters can contain secrets and are passed here as in loop.psm1.

Import-Module -Name ("$PSScriptRoot/jobs.psm1" -replace '[][*?`]', '`$0') -Function New-TransferJob, Add-TransferFile, Invoke-JobPart, Get-TransferJobId, Read-TransferJob, Invoke-JobVerb
Import-Module -Name ("$PSScriptRoot/services.psm1" -replace '[][*?`]', '`$0') -Function Test-BitsJob

# Whether BITS has the job of a refused request for a single job. For many jobs, the check would take too long.
function Test-KnownToBits($JobIds, $Code) {
    @($JobIds).Count -eq 1 -and ${function:Test-BitsJob}.InvokeReturnAsIs($Code, [string]@($JobIds)[0])
}

# The answer of a method in its wire format.
function ConvertTo-Outcome($Answer, [string]$JobId) {
    @{
        hresult      = [long]$Answer.Code -band 0xFFFFFFFFL
        method       = $Answer.Method
        calledMethod = $Answer['CalledMethod']
        knownTo      = if ($Answer.Code -lt 0 -and ${function:Test-BitsJob}.InvokeReturnAsIs($Answer.Code, $JobId)) { 'bits' } else { $null }
    }
}

# The four methods for many jobs.
function Invoke-VerbRequest($Service, $Parameters, [string]$Verb) {
    $items = [Collections.Generic.List[object]]::new()
    $languageId = [int][string]$Parameters['languageId']
    foreach ($jobId in $Parameters['jobIds']) {
        $jobId = [string]$jobId
        $answer = ${function:Invoke-JobVerb}.InvokeReturnAsIs($Service, $jobId, $Verb, $languageId)
        $items.Add(@{
                hresult       = [long]$answer.Code -band 0xFFFFFFFFL
                method        = $answer.Method
                calledMethod  = $answer.CalledMethod
                knownTo       = if ($answer.Code -lt 0 -and ${function:Test-KnownToBits}.InvokeReturnAsIs($Parameters['jobIds'], $answer.Code)) { 'bits' } else { $null }
                jobId         = $jobId
                stateBefore   = $answer.StateBefore
                stateAfter    = $answer.StateAfter
                leftoverFiles = $answer.LeftoverFiles
                jobError      = $answer.JobError
            })
    }
    @{ items = $items }
}

# The effect of a part of the face on one job.
function Invoke-PartRequest($Service, $Parameters, [string]$Part, [object[]]$Arguments) {
    $jobId = [string]$Parameters['jobId']
    $answer = ${function:Invoke-JobPart}.InvokeReturnAsIs($Service, $jobId, $Part, $Arguments)
    ${function:ConvertTo-Outcome}.InvokeReturnAsIs($answer, $jobId)
}

# Small enough to let other calls run in between.
$script:jobsPerPage = 100

$script:methods = @{
    'job.create'              = {
        param($service, $parameters)
        $answer = ${function:New-TransferJob}.InvokeReturnAsIs(
            $service, [string]$parameters['displayName'], [int][string]$parameters['type'], $parameters['settings'], $parameters['files'])
        $result = ConvertTo-Outcome $answer
        $result.jobId = if ($null -ne $answer.JobId) { [string]$answer.JobId }
        $result
    }

    'job.list'                = {
        param($service, $parameters)
        $answer = Get-TransferJobId $service ([string]$parameters['allUsers'] -eq 'true') ([int][string]$parameters['page']) $script:jobsPerPage
        $result = ConvertTo-Outcome $answer
        $result.jobIds = $answer.JobIds
        $result.page = $answer['Page']
        $result.more = $answer['More']
        $result
    }

    'job.describe'            = {
        param($service, $parameters)
        $jobIds = @(foreach ($jobId in $parameters['jobIds']) { [string]$jobId })
        $answers = ${function:Read-TransferJob}.InvokeReturnAsIs($service, $jobIds, [string]$parameters['detail'], [int][string]$parameters['languageId'])
        $items = [Collections.Generic.List[object]]::new()
        foreach ($answer in $answers) {
            $items.Add(@{
                    hresult      = [long]$answer.Code -band 0xFFFFFFFFL
                    method       = $answer.Method
                    calledMethod = $answer['CalledMethod']
                    knownTo      = if ($answer.Code -lt 0 -and ${function:Test-KnownToBits}.InvokeReturnAsIs($jobIds, $answer.Code)) { 'bits' } else { $null }
                    jobId        = $jobIds[$items.Count]
                    job          = $answer.Job
                })
        }
        @{ items = $items }
    }

    'job.set'                 = {
        param($service, $parameters)
        $jobId = [string]$parameters['jobId']
        $answer = ${function:Invoke-JobPart}.InvokeReturnAsIs($service, $jobId, 'Set', [object[]]@(, $parameters['settings']))
        $result = ${function:ConvertTo-Outcome}.InvokeReturnAsIs($answer, $jobId)
        if ($answer.Code -ne 0) { $result.property = $answer['Property'] }
        $result
    }

    'job.setCredentials'      = {
        param($service, $parameters)
        $arguments = [object[]]@(
            [int][string]$parameters['target'], [int][string]$parameters['scheme'], [string]$parameters['userName'], [string]$parameters['password'])
        ${function:Invoke-PartRequest}.InvokeReturnAsIs($service, $parameters, 'SetCredentials', $arguments)
    }

    'job.removeCredentials'   = {
        param($service, $parameters)
        $arguments = [object[]]@([int][string]$parameters['target'], [int][string]$parameters['scheme'])
        ${function:Invoke-PartRequest}.InvokeReturnAsIs($service, $parameters, 'RemoveCredentials', $arguments)
    }

    'job.takeOwnership'       = {
        param($service, $parameters)
        ${function:Invoke-PartRequest}.InvokeReturnAsIs($service, $parameters, 'TakeOwnership', [object[]]@())
    }

    'job.replaceRemotePrefix' = {
        param($service, $parameters)
        $arguments = [object[]]@([string]$parameters['oldPrefix'], [string]$parameters['newPrefix'])
        ${function:Invoke-PartRequest}.InvokeReturnAsIs($service, $parameters, 'ReplaceRemotePrefix', $arguments)
    }

    'job.addFile'             = {
        param($service, $parameters)
        $jobId = [string]$parameters['jobId']
        $answer = ${function:Add-TransferFile}.InvokeReturnAsIs(
            $service, $jobId, [string]$parameters['remoteUrl'], [string]$parameters['localName'], $parameters['ranges'])
        ${function:ConvertTo-Outcome}.InvokeReturnAsIs($answer, $jobId)
    }

    'job.suspend'             = { param($service, $parameters) ${function:Invoke-VerbRequest}.InvokeReturnAsIs($service, $parameters, 'Suspend') }
    'job.resume'              = { param($service, $parameters) ${function:Invoke-VerbRequest}.InvokeReturnAsIs($service, $parameters, 'Resume') }
    'job.complete'            = { param($service, $parameters) ${function:Invoke-VerbRequest}.InvokeReturnAsIs($service, $parameters, 'Complete') }
    'job.cancel'              = { param($service, $parameters) ${function:Invoke-VerbRequest}.InvokeReturnAsIs($service, $parameters, 'Cancel') }
}

function Get-RequestMethod { $script:methods }

Export-ModuleMember -Function Get-RequestMethod
