# Follows the text of the module: what BITS allows in the session that runs this, as one line for each call. It touches only its own job.
$write = { param($Name, $Code) '{0} 0x{1:X8}' -f $Name, ([long]$Code -band 0xFFFFFFFFL) }
$opened = Open-TransferService 'bits'
if ($null -ne $opened.Service) {
    $service = $opened.Service
    foreach ($all in $false, $true) {
        $listed = Get-TransferJobId $service $all 0 1
        & $write $(if ($all) { 'EnumJobs(all)' } else { 'EnumJobs(own)' }) $listed.Code
    }
    $created = New-TransferJob $service 'background-copy prove' 0 $null $null
    & $write 'CreateJob' $created.Code
    if ($null -ne $created.JobId) {
        $id = [string]$created.JobId
        $file = Join-Path ([IO.Path]::GetTempPath()) "background-copy-prove-$id.bin"
        & $write 'GetJob' (Read-TransferJob $service $id 'summary' 0).Code
        & $write 'AddFile' (Add-TransferFile $service $id 'http://127.0.0.1:9/none' $file $null).Code
        & $write 'Resume' (Invoke-JobVerb $service $id 'Resume' 0).Code
        & $write 'Cancel' (Invoke-JobVerb $service $id 'Cancel' 0).Code
    }
    Close-TransferService $service
}
else { & $write 'CoCreateInstance' $opened.Code }
