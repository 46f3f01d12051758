using namespace System.Management.Automation.Language

Set-StrictMode -Version Latest

# The rules of commands: those of PowerShell 7 that Windows PowerShell 5.1 lacks, and parameters. They can't decide what a hashtable passes
# that a script splats, which values a parameter takes, and whether a program or a function of the script has the parameter.

$script:facts = (Get-Content -Raw -LiteralPath "$PSScriptRoot/../../facts/powershell-5.1-commands.json" | ConvertFrom-Json -AsHashtable).commands
$script:common = 'Verbose', 'Debug', 'ErrorAction', 'WarningAction', 'InformationAction', 'ErrorVariable', 'WarningVariable', 'InformationVariable', 'OutVariable', 'OutBuffer', 'PipelineVariable'
# Parameters that Get-ChildItem has on the drive of certificates.
$script:facts['Get-ChildItem'] += ' CodeSigningCert DocumentEncryptionCert SSLServerAuthentication DnsName Eku ExpiringInDays'
$script:newer = @(Get-Command -Module 'Microsoft.PowerShell.*' -CommandType Cmdlet, Function | Where-Object { -not $script:facts.ContainsKey($_.Name) } | ForEach-Object Name)

$script:rules = @(
    @{ Name = 'a command that 5.1 lacks'; Of = 'CommandAst'; Test = { param($node) if ($script:newer -contains $node.GetCommandName()) { $node } } }
    @{ Name = 'a parameter that 5.1 lacks'; Of = 'CommandAst'; Test = {
            param($node)
            $name = $node.GetCommandName()
            if ($null -eq $name -or -not $script:facts.ContainsKey($name)) { return }
            $known = @($script:facts[$name] -split ' ') + $script:common
            foreach ($parameter in $node.CommandElements) {
                if ($parameter -is [CommandParameterAst] -and @($known -like "$($parameter.ParameterName)*").Count -eq 0) { $parameter }
            }
        }
    }
)

function Get-CommandRule { $script:rules }

Export-ModuleMember -Function Get-CommandRule
