Set-StrictMode -Version Latest

# Holds an interface pointer of each kind that the tests use of a BITS service, so that the service never releases its last one.
# After that, a service under Wine sometimes no longer answers calls (com-server/objects.c explains why).
Import-Module -Name ("$PSScriptRoot/../../ps/BackgroundCopy/com.psm1" -replace '[][*?`]', '`$0')

function Invoke-Com($Object, [string]$Interface, [string]$Method, [object[]]$Arguments) {
    $code = (Get-ComInterface $Interface).GetMethod($Method).Invoke($Object, $Arguments)
    if ($code -lt 0) { throw ('{0}::{1}: 0x{2:X8}' -f $Interface, $Method, $code) }
}

function Lock-BitsInterface {
    $classId = '4991D34B-80A1-4291-83B6-3328366B9097'
    $marshal = [Runtime.InteropServices.Marshal]
    $factory = $marshal::GetIUnknownForObject($marshal::BindToMoniker("clsid:$classId"))
    $classFactoryIid = [guid]'00000001-0000-0000-C000-000000000046'
    $pointer = [IntPtr]::Zero
    $marshal::ThrowExceptionForHR($marshal::QueryInterface($factory, [ref]$classFactoryIid, [ref]$pointer))

    $manager = (New-ComInstance $classId (Get-ComInterface 'IBackgroundCopyManager')).Instance
    $created = [object[]]@('holds interfaces', 0, [guid]::Empty, $null)
    Invoke-Com $manager 'IBackgroundCopyManager' 'CreateJob' $created
    $job = $created[3]
    Invoke-Com $job 'IBackgroundCopyJob' 'AddFile' @('http://127.0.0.1/file', 'C:\windows\temp\file')
    $files = [object[]]@(, $null)
    Invoke-Com $job 'IBackgroundCopyJob' 'EnumFiles' $files
    $file = [object[]]@([uint32]1, $null, [uint32]0)
    Invoke-Com $files[0] 'IEnumBackgroundCopyFiles' 'Next' $file
    $jobs = [object[]]@([uint32]0, $null)
    Invoke-Com $manager 'IBackgroundCopyManager' 'EnumJobs' $jobs
    # Removed from the queue, but the objects remain.
    Invoke-Com $job 'IBackgroundCopyJob' 'Cancel' $null

    foreach ($name in 'IBackgroundCopyJob2', 'IBackgroundCopyJob3', 'IBackgroundCopyJob4', 'IBackgroundCopyJobHttpOptions') {
        $null = $marshal::GetComInterfaceForObject($job, (Get-ComInterface $name))
    }
    $null = $marshal::GetComInterfaceForObject($file[1], (Get-ComInterface 'IBackgroundCopyFile2'))
    $script:held = $manager, $job, $files[0], $file[1], $jobs[1]
    'held'
}

Export-ModuleMember -Function Lock-BitsInterface
