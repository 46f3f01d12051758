Set-StrictMode -Version Latest

# For `npm run prove`: a download that Delivery Optimization stores permanently, which the SDK does not support. A PowerShell process
# creates it and ends, and the download is then found by its ID.

# DODownloadProperty_NonVolatile
$script:nonVolatile = 25
$script:download = 0

# Returns the ID and the code for the property, 'id code', or only the code of the first refusal.
function New-LastingDownload([string]$DisplayName) {
    $module = "$PSScriptRoot/../../ps/BackgroundCopy" -replace '[][*?`]', '`$0'
    Import-Module -Name "$module/services.psm1" -Function Open-TransferService, Close-TransferService
    Import-Module -Name "$module/jobs.psm1" -Function New-TransferJob
    $opened = Open-TransferService 'delivery-optimization'
    if ($null -eq $opened.Service) { return "$($opened.Code)" }
    try {
        $created = New-TransferJob $opened.Service $DisplayName $script:download $null $null
        if ($null -eq $created.JobId) { return "$($created.Code)" }
        "$($created.JobId) $(Set-NonVolatile $opened.Service $created.JobId)"
    }
    finally {
        Close-TransferService $opened.Service
    }
}

function Set-NonVolatile($Service, [guid]$Id) {
    $found = $Service.Face.GetJob.InvokeReturnAsIs($Service, $Id)
    if ($null -eq $found.Job) { return $found.Code }
    $Service.Face.SetProperty.Invoke($found.Job, [object[]]@($script:nonVolatile, $true))
    $null = [Runtime.InteropServices.Marshal]::ReleaseComObject($found.Job)
}

Export-ModuleMember -Function New-LastingDownload
