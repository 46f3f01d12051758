@{
    ModuleVersion        = '0.1.0'
    GUID                 = 'd9d03af4-d637-4ead-b299-5d1b0655dd45'
    Author               = 'The background-copy authors'
    Copyright            = '(c) The background-copy authors. MIT licence.'
    Description          = 'Creates, lists, changes and cancels Windows background transfer jobs (Delivery Optimization and BITS) through IBackgroundCopyJob, and answers the background-copy package for Node.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    # The commands for people. They don't load host.psm1, which the build makes, and which the package for Node imports by its own path.
    NestedModules        = @('new-job-command.psm1', 'get-job-command.psm1', 'set-job-command.psm1', 'verb-commands.psm1', 'file-commands.psm1')
    FormatsToProcess     = @('BackgroundCopy.format.ps1xml')
    FunctionsToExport    = @(
        'New-BackgroundCopyJob', 'Get-BackgroundCopyJob', 'Set-BackgroundCopyJob', 'Suspend-BackgroundCopyJob', 'Resume-BackgroundCopyJob',
        'Complete-BackgroundCopyJob', 'Stop-BackgroundCopyJob', 'Add-BackgroundCopyFile', 'Get-BackgroundCopyFile'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
