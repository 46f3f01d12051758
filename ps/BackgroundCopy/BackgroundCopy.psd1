@{
    ModuleVersion        = '0.1.0'
    GUID                 = 'd9d03af4-d637-4ead-b299-5d1b0655dd45'
    Author               = 'The background-copy authors'
    Copyright            = '(c) The background-copy authors. MIT licence.'
    Description          = 'Cancels Windows background transfer jobs (Delivery Optimization and BITS) through IBackgroundCopyJob::Cancel, and answers the background-copy package for Node.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    # They import jobs.psm1, com.psm1 and messages.psm1 themselves, when first needed: a nested module does not see its
    # siblings, and the host is to be ready soon.
    NestedModules        = @('host.psm1', 'cmdlets.psm1')
    FunctionsToExport    = @('Start-BackgroundCopyHost', 'Stop-BackgroundCopyJob')
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
